//! All pages in one module, for cargo-leptos, which knows of one only. `cargo xtask build` makes two smaller ones: of the
//! packages in `candidate` and `admin`.

/// Attaches the application to the server-rendered document.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(app::App);
}
