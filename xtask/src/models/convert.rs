//! From TensorFlow's operations to ONNX's. Pictures are height×width×channels there and channels×height×width here.

use std::collections::{HashMap, HashSet};

use anyhow::{Result, bail, ensure};

use super::graph::{Graph, Node};
use super::onnx::{Attribute, Model};
use super::tensor::Tensor;

const INPUT: &str = "input";

/// The model as ONNX: its input is 1×3×`side`×`side`, its outputs are the named ones, in TensorFlow's order of dimensions.
pub fn to_onnx(graph: &Graph, name: &str, side: usize, outputs: &[(&str, &str)]) -> Result<Vec<u8>> {
    let mut conversion =
        Conversion { graph, consumers: graph.consumers(), model: Model::new(name), values: HashMap::new(), next: 0 };
    let mut seen = HashSet::new();
    for (output, written) in outputs {
        conversion.visit(output, &mut seen)?;
        let value = conversion.value(output)?.name.clone();
        conversion.model.node("Identity", &[value], written, &[]);
    }
    let written: Vec<&str> = outputs.iter().map(|(_, written)| *written).collect();
    Ok(conversion.model.finish((INPUT, &[1, 3, side, side]), &written))
}

struct Conversion<'a> {
    graph: &'a Graph,
    consumers: HashMap<&'a str, Vec<&'a str>>,
    model: Model,
    /// What stands for the output of each node that was converted.
    values: HashMap<&'a str, Written>,
    /// Numbers values and constants.
    next: usize,
}

#[derive(Clone)]
struct Written {
    name: String,
    /// Whether its dimensions were moved.
    is_picture: bool,
}

/// A convolution's weights, with what follows it folded in.
struct Folded<'a> {
    weights: Tensor,
    bias: Vec<f32>,
    /// The convolution and what was folded in.
    nodes: Vec<&'a str>,
}

impl<'a> Conversion<'a> {
    /// Converts what a node needs and then the node.
    fn visit(&mut self, name: &'a str, seen: &mut HashSet<&'a str>) -> Result<()> {
        if self.graph.weights.contains_key(name) || !seen.insert(name) || self.values.contains_key(name) {
            return Ok(());
        }
        let node = self.graph.node(name)?;
        for input in &node.inputs {
            self.visit(input, seen)?;
        }
        if !self.values.contains_key(name) {
            self.convert(name, node)?;
        }
        Ok(())
    }

    fn convert(&mut self, name: &'a str, node: &'a Node) -> Result<()> {
        let first = node.inputs.first().map(String::as_str);
        let written = match (node.op.as_str(), first) {
            ("Placeholder", _) => Written { name: INPUT.to_owned(), is_picture: true },
            ("Identity", Some(input)) => self.value(input)?.clone(),
            ("_FusedConv2D" | "Conv2D" | "DepthwiseConv2dNative", Some(_)) => return self.convolution(name, node),
            ("Relu" | "Sigmoid", Some(input)) => self.same_shape(&node.op, input, &[])?,
            ("Prelu", Some(input)) => {
                let slope = self.slope(node.input(1)?)?;
                self.same_shape("PRelu", input, &[slope])?
            }
            ("Add" | "AddV2" | "Mul" | "Minimum" | "Maximum", Some(_)) => self.elementwise(node)?,
            ("MaxPool", Some(input)) => {
                let attributes =
                    [Attribute::Ints("kernel_shape", middle(node.ints("ksize")?)?), strides(node)?, padding(node)?];
                let input = self.value(input)?.name.clone();
                self.picture("MaxPool", &[input], &attributes)
            }
            ("Pad", Some(input)) => self.pad(input, node.input(1)?)?,
            ("Reshape", Some(input)) => self.reshape(input, node.input(1)?)?,
            ("Mean", Some(input)) => {
                let axes = [Attribute::Ints("axes", vec![2, 3]), Attribute::Int("keepdims", 0)];
                let input = self.value(input)?.name.clone();
                Written { is_picture: false, ..self.picture("ReduceMean", &[input], &axes) }
            }
            (other, _) => bail!("the operation {other} is not known"),
        };
        self.values.insert(name, written);
        Ok(())
    }

    fn convolution(&mut self, name: &'a str, node: &Node) -> Result<()> {
        let kernel = self.graph.weight(node.input(1)?)?;
        let [height, width, channels, multiplier] = kernel.shape[..] else { bail!("{name} has no kernel") };
        let is_depthwise = node.op == "DepthwiseConv2dNative";
        let weights = if is_depthwise {
            kernel.permuted(&[2, 3, 0, 1])?.reshaped(&[channels * multiplier, 1, height, width])?
        } else {
            kernel.permuted(&[3, 2, 0, 1])?
        };
        let fused = node.words("fused_ops")?;
        let bias = match fused.first().map(String::as_str) {
            Some("BiasAdd") => self.graph.weight(node.input(2)?)?.as_floats()?.to_vec(),
            _ => vec![0.0; weights.shape[0]],
        };
        let mut folded = Folded { weights, bias, nodes: vec![name] };
        if fused.is_empty() {
            self.fold(&mut folded)?;
        }

        let bias = Tensor::floats(&[folded.bias.len()], folded.bias);
        let inputs = [self.value(node.input(0)?)?.name.clone(), self.constant(&folded.weights), self.constant(&bias)];
        let groups = if is_depthwise { channels as i64 } else { 1 };
        let attributes =
            [Attribute::Int("group", groups), Attribute::Ints("dilations", vec![1, 1]), strides(node)?, padding(node)?];
        ensure!(node.ints("dilations")?.iter().all(|step| *step == 1), "{name} is dilated");
        let mut written = self.picture("Conv", &inputs, &attributes);
        for activation in fused.iter().filter(|op| *op != "BiasAdd") {
            written = match activation.as_str() {
                "Relu" => self.picture("Relu", &[written.name], &[]),
                "Prelu" => {
                    let slope = self.slope(node.input(3)?)?;
                    self.picture("PRelu", &[written.name, slope], &[])
                }
                other => bail!("the activation {other} is not known"),
            };
        }
        for node in folded.nodes {
            self.values.insert(node, written.clone());
        }
        Ok(())
    }

    /// Takes additions and multiplications by a constant for each channel into the convolution before them.
    fn fold(&self, folded: &mut Folded<'a>) -> Result<()> {
        let sole_consumer = |nodes: &[&str]| match self.consumers.get(nodes.last()?)?[..] {
            [next] => Some(next),
            _ => None,
        };
        while let Some(next) = sole_consumer(&folded.nodes) {
            let node = self.graph.node(next)?;
            let constant = node.inputs.iter().find_map(|input| self.graph.weights.get(input));
            let Some(constant) = constant.filter(|constant| constant.shape == [folded.bias.len()]) else { break };
            let factors = constant.as_floats()?;
            match node.op.as_str() {
                "Add" | "AddV2" => folded.bias.iter_mut().zip(factors).for_each(|(bias, more)| *bias += more),
                "Mul" => {
                    folded.bias.iter_mut().zip(factors).for_each(|(bias, factor)| *bias *= factor);
                    let each = folded.weights.shape[1..].iter().product();
                    let mut weights = folded.weights.as_floats()?.to_vec();
                    for (channel, factor) in weights.chunks_exact_mut(each).zip(factors) {
                        channel.iter_mut().for_each(|weight| *weight *= factor);
                    }
                    folded.weights = Tensor::floats(&folded.weights.shape, weights);
                }
                _ => break,
            }
            folded.nodes.push(next);
        }
        Ok(())
    }

    fn elementwise(&mut self, node: &Node) -> Result<Written> {
        let op = match node.op.as_str() {
            "Minimum" => "Min",
            "Maximum" => "Max",
            "Mul" => "Mul",
            _ => "Add",
        };
        let mut is_picture = false;
        let mut inputs = Vec::new();
        for input in &node.inputs {
            if let Some(constant) = self.graph.weights.get(input) {
                ensure!(constant.as_floats()?.len() == 1, "{op} by a constant of several numbers");
                inputs.push(self.constant(constant));
            } else {
                let value = self.value(input)?;
                is_picture |= value.is_picture;
                inputs.push(value.name.clone());
            }
        }
        Ok(Written { is_picture, ..self.picture(op, &inputs, &[]) })
    }

    fn pad(&mut self, input: &str, amounts: &str) -> Result<Written> {
        let [n0, n1, h0, h1, w0, w1, c0, c1] = self.graph.weight(amounts)?.as_ints()?[..] else {
            bail!("only pictures are padded")
        };
        let amounts = self.constant(&Tensor::ints(vec![n0, c0, h0, w0, n1, c1, h1, w1]));
        self.same_shape("Pad", input, &[amounts])
    }

    fn reshape(&mut self, input: &str, shape: &str) -> Result<Written> {
        let mut value = self.value(input)?.clone();
        if value.is_picture {
            value = self.picture("Transpose", &[value.name], &[Attribute::Ints("perm", vec![0, 2, 3, 1])]);
        }
        let shape = self.constant(&Tensor::ints(self.graph.weight(shape)?.as_ints()?.to_vec()));
        Ok(Written { is_picture: false, ..self.picture("Reshape", &[value.name, shape], &[]) })
    }

    /// A node that leaves the dimensions where they are.
    fn same_shape(&mut self, op: &str, input: &str, more: &[String]) -> Result<Written> {
        let value = self.value(input)?.clone();
        let inputs: Vec<String> = [value.name].into_iter().chain(more.iter().cloned()).collect();
        Ok(Written { is_picture: value.is_picture, ..self.picture(op, &inputs, &[]) })
    }

    fn picture(&mut self, op: &str, inputs: &[String], attributes: &[Attribute]) -> Written {
        let name = self.name('v');
        self.model.node(op, inputs, &name, attributes);
        Written { name, is_picture: true }
    }

    /// What negative numbers of each channel are multiplied with.
    fn slope(&mut self, weight: &str) -> Result<String> {
        let slope = self.graph.weight(weight)?.as_floats()?;
        Ok(self.constant(&Tensor::floats(&[slope.len(), 1, 1], slope.to_vec())))
    }

    fn constant(&mut self, tensor: &Tensor) -> String {
        let name = self.name('c');
        self.model.constant(&name, tensor);
        name
    }

    fn name(&mut self, kind: char) -> String {
        self.next += 1;
        format!("{kind}{}", self.next)
    }

    fn value(&self, name: &str) -> Result<&Written> {
        match self.values.get(name) {
            Some(value) => Ok(value),
            None => bail!("nothing stands for {name}"),
        }
    }
}

fn strides(node: &Node) -> Result<Attribute> {
    Ok(Attribute::Ints("strides", middle(node.ints("strides")?)?))
}

fn padding(node: &Node) -> Result<Attribute> {
    Ok(match node.word("padding")?.as_str() {
        "SAME" => Attribute::Word("auto_pad", "SAME_UPPER"),
        "VALID" => Attribute::Ints("pads", vec![0; 4]),
        other => bail!("the padding {other} is not known"),
    })
}

/// Height and width of a list for pictures, channels and number left out.
fn middle(list: Vec<i64>) -> Result<Vec<i64>> {
    let [_, height, width, _] = list[..] else { bail!("{list:?} is not about a picture") };
    Ok(vec![height, width])
}
