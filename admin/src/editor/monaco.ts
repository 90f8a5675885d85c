// The only file that imports Monaco: the features of the editor that are used, its workers, and style elements that the page's policy allows.
// Nothing else imports monaco-editor. It is a megabyte: only what is loaded on demand may import this file.
import "./nonce.ts";
// All features at once: the language service of TypeScript imports them all, later, and an editor that is made after that
// finds contributions whose services were not there when the first one was made. `options.ts` turns off what is not used.
import "monaco-editor/features/register.all";
import "monaco-editor/languages/definitions/javascript/register";
import "monaco-editor/languages/definitions/typescript/register";
import * as monaco from "monaco-editor/editor";
import EditorWorker from "monaco-editor/editor/editor.worker?worker";
import * as typescript from "monaco-editor/languages/features/typescript/register";
import TypeScriptWorker from "monaco-editor/languages/features/typescript/ts.worker?worker";
import { JSON_TOKENS } from "./json_tokens.ts";

const TYPESCRIPT = new Set(["typescript", "javascript"]);

self.MonacoEnvironment = {
  getWorker: (_: string, label: string) => (TYPESCRIPT.has(label) ? new TypeScriptWorker() : new EditorWorker()),
};

// JSON is coloured and no more: its language service would be another worker, for files that the server reads anyway.
monaco.languages.register({ id: "json", extensions: [".json"] });
monaco.languages.setMonarchTokensProvider("json", JSON_TOKENS);

export type { editor, IDisposable, languages } from "monaco-editor/editor";
export { monaco, typescript };
export type Model = monaco.editor.ITextModel;
export type Editor = monaco.editor.IStandaloneCodeEditor;
