// The first script of an admin page: loads the WebAssembly and hands the server-rendered page over to it.
// `site-build` is where wasm-bindgen's output lies; `cargo xtask build` resolves the name.
import init, { hydrate } from "site-build/admin/admin.js";
import wasm from "site-build/admin/admin_bg.wasm";

await init({ module_or_path: wasm });
hydrate();
