//! Writes ONNX, a protocol buffer: the few messages and fields that a model needs, in the order of their numbers.

use super::tensor::{Data, Tensor};

const IR_VERSION: u64 = 8;
const OPERATORS: u64 = 13;

const FLOAT: u64 = 1;
const INT64: u64 = 7;

/// A message under construction.
#[derive(Default)]
struct Message(Vec<u8>);

/// A model under construction.
pub struct Model {
    graph: Message,
}

/// What an operation is told beside its inputs.
pub enum Attribute {
    Int(&'static str, i64),
    Ints(&'static str, Vec<i64>),
    Word(&'static str, &'static str),
}

impl Model {
    pub fn new(name: &str) -> Self {
        Self { graph: Message::default().text(2, name) }
    }

    pub fn node(&mut self, op: &str, inputs: &[String], output: &str, attributes: &[Attribute]) {
        let mut node = Message::default();
        for input in inputs {
            node = node.text(1, input);
        }
        node = node.text(2, output).text(4, op);
        for attribute in attributes {
            node = node.message(5, attribute.message());
        }
        self.graph.add(1, node);
    }

    pub fn constant(&mut self, name: &str, tensor: &Tensor) {
        let mut message = Message::default();
        for size in &tensor.shape {
            message = message.number(1, *size as u64);
        }
        let (kind, bytes): (_, Vec<u8>) = match &tensor.data {
            Data::Float(data) => (FLOAT, data.iter().flat_map(|value| value.to_le_bytes()).collect()),
            Data::Int(data) => (INT64, data.iter().flat_map(|value| value.to_le_bytes()).collect()),
        };
        self.graph.add(5, message.number(2, kind).text(8, name).bytes(9, &bytes));
    }

    /// Names the input and the outputs, and gives the file.
    pub fn finish(mut self, input: (&str, &[usize]), outputs: &[&str]) -> Vec<u8> {
        self.graph.add(11, value(input.0, Some(input.1)));
        for output in outputs {
            self.graph.add(12, value(output, None));
        }
        let operators = Message::default().text(1, "").number(2, OPERATORS);
        Message::default().number(1, IR_VERSION).message(7, self.graph).message(8, operators).0
    }
}

impl Attribute {
    fn message(&self) -> Message {
        match self {
            Self::Int(name, value) => Message::default().text(1, name).number(3, *value as u64).number(20, 2),
            Self::Ints(name, values) => {
                let named = Message::default().text(1, name);
                values.iter().fold(named, |message, value| message.number(8, *value as u64)).number(20, 7)
            }
            Self::Word(name, word) => Message::default().text(1, name).text(4, word).number(20, 3),
        }
    }
}

/// An input or output: floating-point numbers, of a shape where it is known.
fn value(name: &str, shape: Option<&[usize]>) -> Message {
    let mut tensor = Message::default().number(1, FLOAT);
    if let Some(shape) = shape {
        let size = |shape: Message, size: &usize| shape.message(1, Message::default().number(1, *size as u64));
        tensor = tensor.message(2, shape.iter().fold(Message::default(), size));
    }
    Message::default().text(1, name).message(2, Message::default().message(1, tensor))
}

impl Message {
    fn number(mut self, field: u64, value: u64) -> Self {
        self.varint(field << 3);
        self.varint(value);
        self
    }

    fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    fn message(self, field: u64, message: Self) -> Self {
        self.bytes(field, &message.0)
    }

    fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    fn add(&mut self, field: u64, message: Self) {
        *self = std::mem::take(self).message(field, message);
    }

    /// Seven bits a byte, the lowest first; all but the last byte have the eighth bit set.
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_texts_and_messages_are_written_as_protocol_buffers_do() {
        let inner = Message::default().number(1, 150);
        assert_eq!(inner.0, [0x08, 0x96, 0x01]);
        assert_eq!(Message::default().text(2, "testing").0, *b"\x12\x07testing");
        assert_eq!(Message::default().message(3, inner).0, [0x1a, 0x03, 0x08, 0x96, 0x01]);
        assert_eq!(Message::default().number(1, -1_i64 as u64).0.len(), 11);
    }
}
