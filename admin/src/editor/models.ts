// The files of one hook as the editor and TypeScript see them. They live as long as the pages of the hook are open, so that undo,
// folds and the cursor are there when somebody comes back from another tab; then all of them are given back.
import { type Model, monaco } from "./monaco.ts";
import { disposeTypeModels } from "./types.ts";

export type File = { path: string; text: string };
type OnEdit = (path: string, text: string) => void;
type Kept = { model: Model; listener: monaco.IDisposable; view: monaco.editor.ICodeEditorViewState | null };

const LANGUAGES: Record<string, string> = {
  ts: "typescript",
  tsx: "typescript",
  mts: "typescript",
  cts: "typescript",
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  json: "json",
};

export function languageOf(path: string): string {
  return LANGUAGES[path.slice(path.lastIndexOf(".") + 1)] ?? "plaintext";
}

/** Where a file of a hook is, for Monaco. */
export function uriOf(hook: string, path: string): monaco.Uri {
  return monaco.Uri.from({ scheme: "file", path: `/hooks/${hook}/${path}` });
}

export class Models {
  private readonly files = new Map<string, Kept>();
  private isQuiet = false;

  constructor(
    readonly hook: string,
    files: readonly File[],
    private readonly onEdit: OnEdit,
  ) {
    for (const file of files) this.add(file);
  }

  get(path: string): Model | undefined {
    return this.files.get(path)?.model;
  }

  paths(): string[] {
    return [...this.files.keys()].sort();
  }

  /** The path of a model of this hook. */
  pathOf(uri: monaco.Uri): string | undefined {
    for (const [path, { model }] of this.files) if (model.uri.toString() === uri.toString()) return path;
    return undefined;
  }

  /** Makes the models those of `files`, as few edits as possible, which can be undone; tells nobody. */
  become(files: readonly File[]): void {
    this.isQuiet = true;
    const wanted = new Set(files.map((file) => file.path));
    for (const path of this.paths()) if (!wanted.has(path)) this.remove(path);
    for (const file of files) {
      const model = this.get(file.path);
      if (!model) this.add(file);
      else if (model.getValue() !== file.text) replaceText(model, file.text);
    }
    this.isQuiet = false;
  }

  view(path: string): monaco.editor.ICodeEditorViewState | null {
    return this.files.get(path)?.view ?? null;
  }

  keepView(path: string, view: monaco.editor.ICodeEditorViewState | null): void {
    const kept = this.files.get(path);
    if (kept) kept.view = view;
  }

  dispose(): void {
    for (const path of this.paths()) this.remove(path);
    disposeTypeModels();
  }

  private add({ path, text }: File): void {
    const uri = uriOf(this.hook, path);
    monaco.editor.getModel(uri)?.dispose();
    const model = monaco.editor.createModel(text, languageOf(path), uri);
    model.updateOptions({ tabSize: 2, insertSpaces: true });
    const listener = model.onDidChangeContent(() => {
      if (!this.isQuiet) this.onEdit(path, model.getValue(monaco.editor.EndOfLinePreference.LF));
    });
    this.files.set(path, { model, listener, view: null });
  }

  private remove(path: string): void {
    const kept = this.files.get(path);
    if (!kept) return;
    this.files.delete(path);
    kept.listener.dispose();
    kept.model.dispose();
  }
}

function replaceText(model: Model, text: string): void {
  model.pushStackElement();
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
  model.pushStackElement();
}
