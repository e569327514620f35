// The languages that a candidate can choose, each a chunk of its own. What is not here is plain text.
import { indentUnit } from "@codemirror/language";

const LANGUAGES = {
  Python: { unit: 4, load: () => import("./languages/python.js") },
  JavaScript: { unit: 2, load: () => import("./languages/javascript.js") },
  TypeScript: { unit: 2, load: () => import("./languages/typescript.js") },
  Java: { unit: 4, load: () => import("./languages/java.js") },
  C: { unit: 4, load: () => import("./languages/cpp.js") },
  "C++": { unit: 4, load: () => import("./languages/cpp.js") },
  Go: { unit: "\t", load: () => import("./languages/go.js") },
  Rust: { unit: 4, load: () => import("./languages/rust.js") },
  SQL: { unit: 4, load: () => import("./languages/sql.js") },
};

/** The extension for a language of this name. */
export async function load(name) {
  const { unit, load } = LANGUAGES[name] ?? { unit: 4 };
  const indent = indentUnit.of(typeof unit === "number" ? " ".repeat(unit) : unit);
  try {
    return [indent, (await load?.())?.language ?? []];
  } catch (error) {
    console.warn("no colours for this language", error);
    return indent;
  }
}
