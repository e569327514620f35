// The first script of every page: loads the WebAssembly and hands the server-rendered page over to it.
// `site-build` is where wasm-bindgen's output lies; `cargo xtask build` resolves the name.
import init, { hydrate } from "site-build/frontend.js";
import wasm from "site-build/frontend_bg.wasm";

await init({ module_or_path: wasm });
hydrate();
