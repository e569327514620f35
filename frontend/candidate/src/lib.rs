//! The entry point of candidates' browsers: takes over the page that the server rendered.

/// Attaches the candidates' pages to the server-rendered document.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(app::CandidateApp);
}
