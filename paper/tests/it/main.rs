//! What comes out, read back from the PDF.

mod hostile;
mod reader;
mod reports;
mod size;
