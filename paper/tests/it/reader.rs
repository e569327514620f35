//! Renders, and reads what was rendered.

use lopdf::{Dictionary, Object};
use paper::{Block, Document, Rendered, render};

pub fn document(blocks: Vec<Block>) -> Document {
    Document { blocks, footer: "Footer".to_owned(), ..Document::new("Title", 1_795_515_060) }
}

pub struct Read {
    pub rendered: Rendered,
    pub pdf: lopdf::Document,
    /// Of each page, without its line breaks and spaces, since these depend on the layout.
    pub pages: Vec<String>,
}

pub fn read(document: &Document) -> Read {
    let rendered = render(document).expect("renders");
    let pdf = lopdf::Document::load_mem(&rendered.bytes).expect("is a PDF");
    let numbers: Vec<u32> = pdf.get_pages().into_keys().collect();
    assert_eq!(numbers.len(), rendered.pages);
    let text = |number: &u32| packed(&pdf.extract_text(&[*number]).expect("has text"));
    Read { pages: numbers.iter().map(text).collect(), rendered, pdf }
}

pub fn read_blocks(blocks: Vec<Block>) -> Read {
    read(&document(blocks))
}

/// Without white space.
pub fn packed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

impl Read {
    /// All pages' text without their footers.
    pub fn text(&self) -> String {
        let count = self.pages.len();
        let body = |(index, page): (usize, &String)| {
            let footer = format!("Footer{}of{count}", index + 1);
            page.strip_suffix(&footer).expect("ends with the footer").to_owned()
        };
        self.pages.iter().enumerate().map(body).collect()
    }

    /// The texts of the streams that objects refer to by this name.
    pub fn streams(&self, name: &[u8]) -> Vec<String> {
        let named = self.dictionaries().filter_map(|dictionary| dictionary.get(name).ok());
        let stream = |object: &Object| {
            let (_, object) = self.pdf.dereference(object).expect("is there");
            let bytes = object.as_stream().expect("is a stream").decompressed_content().expect("can be read");
            String::from_utf8(bytes).expect("is text")
        };
        named.map(stream).collect()
    }

    pub fn dictionaries(&self) -> impl Iterator<Item = &Dictionary> {
        self.pdf.objects.values().filter_map(|object| match object {
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        })
    }
}
