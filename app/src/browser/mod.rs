//! The only place that touches the browser and JavaScript. On the server the same functions exist and do nothing, so that
//! pages compile for both sides without a `cfg`.

mod link;

#[cfg(feature = "hydrate")]
mod csr;
#[cfg(not(feature = "hydrate"))]
mod ssr;

#[cfg(feature = "hydrate")]
pub use csr::*;
pub use link::*;
#[cfg(not(feature = "hydrate"))]
pub use ssr::*;

#[cfg(test)]
mod tests {
    #[test]
    fn proctoring_says_the_same_before_its_chunk_is_there() {
        let (page, chunk) = (include_str!("proctor.js"), include_str!("proctor/words.js"));
        for name in ["BROKEN", "OUTDATED"] {
            let sentence =
                page.split(&format!("const {name} = \"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            assert!(chunk.contains(&format!("\"{sentence}\"")), "{sentence}");
        }
    }
}
