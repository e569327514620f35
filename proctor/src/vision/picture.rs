//! Pictures that are sent and kept: read from JPEG.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::VisionError;
use super::frame::{Frame, LARGEST};

/// Bytes that a JPEG may have at most.
pub const LARGEST_JPEG: usize = 4 << 20;

/// A picture that owns its pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    /// Four bytes for each pixel: red, green, blue, and one that is not looked at.
    pub data: Vec<u8>,
}

impl Picture {
    /// Reads a JPEG of at most [`LARGEST_JPEG`] bytes and [`LARGEST`] pixels on each side.
    ///
    /// # Errors
    /// `BadJpeg`.
    pub fn from_jpeg(bytes: &[u8]) -> Result<Self, VisionError> {
        Self::from_small_jpeg(bytes, LARGEST * LARGEST)
    }

    /// As [`Self::from_jpeg`], of at most so many pixels. Nothing of a larger one is decoded.
    ///
    /// # Errors
    /// `BadJpeg`.
    pub fn from_small_jpeg(bytes: &[u8], most: u32) -> Result<Self, VisionError> {
        let bad = |error: String| VisionError::BadJpeg(error);
        if bytes.len() > LARGEST_JPEG {
            return Err(bad(format!("it has {} bytes", bytes.len())));
        }
        let largest = LARGEST as usize;
        let options = DecoderOptions::default()
            .set_max_width(largest)
            .set_max_height(largest)
            .jpeg_set_out_colorspace(ColorSpace::RGBA);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        // The size is checked before room is made for the pixels.
        decoder.decode_headers().map_err(|error| bad(error.to_string()))?;
        let (width, height) = decoder.dimensions().ok_or_else(|| bad("it has no size".to_owned()))?;
        if width * height > most as usize {
            return Err(bad(format!("it has {width}×{height} pixels")));
        }
        let data = decoder.decode().map_err(|error| bad(error.to_string()))?;
        let side = |pixels: usize| u32::try_from(pixels).map_err(|error| bad(error.to_string()));
        Ok(Self { width: side(width)?, height: side(height)?, data })
    }

    /// # Errors
    /// `BadFrame` where the bytes do not fit the size.
    pub fn frame(&self) -> Result<Frame<'_>, VisionError> {
        Frame::new(self.width, self.height, &self.data)
    }
}
