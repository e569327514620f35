//! A TensorFlow.js graph model: operations by name, and the weights that they name.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::tensor::{self, Tensor};

pub struct Graph {
    pub nodes: HashMap<String, Node>,
    pub weights: HashMap<String, Tensor>,
}

/// One operation.
#[derive(Debug)]
pub struct Node {
    pub op: String,
    /// Names of nodes or weights.
    pub inputs: Vec<String>,
    attributes: Value,
}

impl Graph {
    /// Reads `<name>.json` in `dir` and the files of weights that it names.
    pub fn read(dir: &Path, name: &str) -> Result<Self> {
        let file = dir.join(format!("{name}.json"));
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let model: Value = serde_json::from_str(&text)?;
        let nodes = list(&model["modelTopology"]["node"])?.iter().map(Node::read).collect::<Result<_>>()?;
        let mut weights = HashMap::new();
        for group in list(&model["weightsManifest"])? {
            let mut bytes = Vec::new();
            for path in list(&group["paths"])? {
                let file = dir.join(path.as_str().context("a file of weights has no name")?);
                bytes.extend(fs::read(&file).with_context(|| format!("reading {}", file.display()))?);
            }
            read_weights(list(&group["weights"])?, &bytes, &mut weights)?;
        }
        Ok(Self { nodes, weights })
    }

    pub fn node(&self, name: &str) -> Result<&Node> {
        self.nodes.get(name).with_context(|| format!("there is no operation {name}"))
    }

    pub fn weight(&self, name: &str) -> Result<&Tensor> {
        self.weights.get(name).with_context(|| format!("there is no weight {name}"))
    }

    /// Who takes the output of each node.
    pub fn consumers(&self) -> HashMap<&str, Vec<&str>> {
        let mut consumers: HashMap<&str, Vec<&str>> = HashMap::new();
        for (name, node) in &self.nodes {
            for input in &node.inputs {
                consumers.entry(input).or_default().push(name);
            }
        }
        consumers
    }
}

impl Node {
    fn read(node: &Value) -> Result<(String, Self)> {
        let text =
            |key: &str| Ok::<_, anyhow::Error>(node[key].as_str().context("an operation has no name")?.to_owned());
        // `name:0` is the first output, `^name` only an order.
        let input = |input: &Value| {
            let name = input.as_str().unwrap_or_default().trim_start_matches('^');
            name.split(':').next().unwrap_or(name).to_owned()
        };
        let inputs = node["input"].as_array().into_iter().flatten().map(input).collect();
        Ok((text("name")?, Self { op: text("op")?, inputs, attributes: node["attr"].clone() }))
    }

    pub fn input(&self, index: usize) -> Result<&str> {
        self.inputs.get(index).map(String::as_str).with_context(|| format!("{} has no input {index}", self.op))
    }

    /// A list of whole numbers; empty where there is none.
    pub fn ints(&self, key: &str) -> Result<Vec<i64>> {
        let numbers = self.attributes[key]["list"]["i"].as_array().into_iter().flatten();
        numbers.map(|number| Ok(number.as_str().context("not a number")?.parse()?)).collect()
    }

    /// A word.
    pub fn word(&self, key: &str) -> Result<String> {
        word(&self.attributes[key]["s"])
    }

    /// A list of words; empty where there is none.
    pub fn words(&self, key: &str) -> Result<Vec<String>> {
        self.attributes[key]["list"]["s"].as_array().into_iter().flatten().map(word).collect()
    }
}

fn read_weights(entries: &[Value], bytes: &[u8], weights: &mut HashMap<String, Tensor>) -> Result<()> {
    let mut rest = bytes;
    for entry in entries {
        let name = entry["name"].as_str().context("a weight has no name")?;
        let stored = entry["quantization"]["dtype"].as_str().or(entry["dtype"].as_str()).unwrap_or_default();
        let size = |size: &Value| size.as_u64().map(|size| size as usize).context("a weight has no shape");
        let shape = list(&entry["shape"])?.iter().map(size).collect::<Result<_>>()?;
        let (tensor, taken) =
            tensor::read(stored, shape, rest).with_context(|| format!("reading the weight {name}"))?;
        rest = &rest[taken..];
        weights.insert(name.to_owned(), tensor);
    }
    Ok(())
}

fn list(value: &Value) -> Result<&[Value]> {
    value.as_array().map(Vec::as_slice).context("the model has another form than expected")
}

fn word(value: &Value) -> Result<String> {
    Ok(String::from_utf8(BASE64_STANDARD.decode(value.as_str().context("not a word")?)?)?)
}
