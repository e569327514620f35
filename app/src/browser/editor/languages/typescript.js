export { typescriptLanguage as language } from "@codemirror/lang-javascript";
