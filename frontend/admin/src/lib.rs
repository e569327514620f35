//! The entry point of hiring people's browsers: takes over the page that the server rendered.

/// Attaches the admin pages to the server-rendered document.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(app::AdminApp);
}
