// The first script of a candidate's page: loads the WebAssembly and hands the server-rendered page over to it.
// `site-build` is where wasm-bindgen's output lies; `cargo xtask build` resolves the name.
import init, { hydrate } from "site-build/candidate/candidate.js";
import wasm from "site-build/candidate/candidate_bg.wasm";

await init({ module_or_path: wasm });
hydrate();
