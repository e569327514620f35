//! Weights: numbers with a shape, turned from TensorFlow's order of dimensions to ONNX's.

use anyhow::{Result, bail, ensure};

#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub data: Data,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    Float(Vec<f32>),
    Int(Vec<i64>),
}

impl Tensor {
    pub fn floats(shape: &[usize], data: Vec<f32>) -> Self {
        Self { shape: shape.to_vec(), data: Data::Float(data) }
    }

    pub fn ints(data: Vec<i64>) -> Self {
        Self { shape: vec![data.len()], data: Data::Int(data) }
    }

    pub fn as_floats(&self) -> Result<&[f32]> {
        match &self.data {
            Data::Float(data) => Ok(data),
            Data::Int(_) => bail!("whole numbers where fractions are expected"),
        }
    }

    pub fn as_ints(&self) -> Result<&[i64]> {
        match &self.data {
            Data::Int(data) => Ok(data),
            Data::Float(_) => bail!("fractions where whole numbers are expected"),
        }
    }

    pub fn reshaped(mut self, shape: &[usize]) -> Result<Self> {
        ensure!(self.shape.iter().product::<usize>() == shape.iter().product::<usize>(), "not of shape {shape:?}");
        self.shape = shape.to_vec();
        Ok(self)
    }

    /// Dimension `axes[i]` becomes dimension `i`.
    pub fn permuted(&self, axes: &[usize]) -> Result<Self> {
        ensure!(axes.len() == self.shape.len(), "{} dimensions, not {}", self.shape.len(), axes.len());
        let data = self.as_floats()?;
        let mut strides = vec![1; self.shape.len()];
        for axis in (1..self.shape.len()).rev() {
            strides[axis - 1] = strides[axis] * self.shape[axis];
        }
        let shape: Vec<usize> = axes.iter().map(|axis| self.shape[*axis]).collect();
        let mut moved = Vec::with_capacity(data.len());
        for target in 0..data.len() {
            let (mut rest, mut source) = (target, 0);
            for (size, axis) in shape.iter().zip(axes).rev() {
                source += rest % size * strides[*axis];
                rest /= size;
            }
            moved.push(data[source]);
        }
        Ok(Self::floats(&shape, moved))
    }
}

/// Reads numbers as a weights file holds them, little-endian; `stored` is their type there, `shape` how many there are.
/// Gives them and the bytes that they took.
pub fn read(stored: &str, shape: Vec<usize>, bytes: &[u8]) -> Result<(Tensor, usize)> {
    let count: usize = shape.iter().product();
    let size = match stored {
        "float16" => 2,
        "float32" | "int32" => 4,
        other => bail!("weights of type {other} are not known"),
    };
    ensure!(bytes.len() >= count * size, "the weights end too early");
    let bytes = &bytes[..count * size];
    let words = || bytes.chunks_exact(4).map(|word| [word[0], word[1], word[2], word[3]]);
    let data = match stored {
        "float16" => {
            Data::Float(bytes.chunks_exact(2).map(|half| single(u16::from_le_bytes([half[0], half[1]]))).collect())
        }
        "float32" => Data::Float(words().map(f32::from_le_bytes).collect()),
        _ => Data::Int(words().map(|word| i64::from(i32::from_le_bytes(word))).collect()),
    };
    Ok((Tensor { shape, data }, bytes.len()))
}

/// A half-precision number, exactly.
fn single(half: u16) -> f32 {
    let sign = if half >> 15 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(half >> 10 & 0x1f);
    let fraction = f32::from(half & 0x3ff) / 1024.0;
    sign * match exponent {
        0 => fraction * 2_f32.powi(-14),
        0x1f if fraction == 0.0 => f32::INFINITY,
        0x1f => f32::NAN,
        _ => (1.0 + fraction) * 2_f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_are_moved_with_their_numbers() {
        let tensor = Tensor::floats(&[2, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let moved = tensor.permuted(&[1, 0]).unwrap();
        assert_eq!(moved, Tensor::floats(&[3, 2], vec![1.0, 4.0, 2.0, 5.0, 3.0, 6.0]));
        assert!(tensor.permuted(&[0, 1, 2]).is_err());
    }

    #[test]
    fn halves_are_read_exactly() {
        let values = [(0x3c00, 1.0), (0xc000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8), (0x0000, 0.0)];
        for (half, value) in values {
            assert_eq!(single(half), value);
        }
    }

    #[test]
    fn a_file_that_ends_too_early_is_an_error() {
        let (tensor, taken) = read("int32", vec![1], &[7, 0, 0, 0, 9]).unwrap();
        assert_eq!((tensor, taken), (Tensor { shape: vec![1], data: Data::Int(vec![7]) }, 4));
        assert!(read("float32", vec![2], &[0; 7]).is_err());
        assert!(read("uint8", vec![2], &[0; 7]).is_err());
    }
}
