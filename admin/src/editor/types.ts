// The types that hooks are written against. They are files of the server, of one SDK and one project: as libraries of TypeScript they
// hold for all models, so the files of a hook are checked against those that were applied last.
import { compilerOptions, type NamedOptions } from "./compiler_options.ts";
import { monaco, typescript } from "./monaco.ts";

/** What the server sends for a hook: declarations by path, and the options to check with. */
export type HookTypes = {
  /** Changes with the content. */
  etag: string;
  compilerOptions: NamedOptions;
  files: readonly { path: string; text: string }[];
};

const ROOT = "file:///types";
const defaults = [typescript.typescriptDefaults, typescript.javascriptDefaults];
let applied = "";

for (const one of defaults) one.setEagerModelSync(true);

/**
 * Makes these the types of what is edited. `packages`: npm packages that the hook brings along; their types are not here, so an
 * import of them is of any type.
 *
 * A library is never replaced under its path, which the language service does not always notice: a change has a new path, and the
 * options that name it restart the service.
 */
export function applyTypes(types: HookTypes, packages: readonly string[]): void {
  const version = `${types.etag.replace(/[^A-Za-z0-9]/g, "")}-${packages.join(",")}`;
  if (version === applied) return;
  applied = version;
  const root = `${ROOT}/${encodeURIComponent(version)}`;
  const libraries = types.files
    .filter((file) => file.path.endsWith(".d.ts"))
    .map((file) => ({ filePath: `${root}/${file.path}`, content: file.text }));
  libraries.push({ filePath: `${root}/packages.d.ts`, content: untyped(packages) });
  const paths = { "@aerocall/hooks": [`${root}/${indexOf(types)}`] };
  const options = compilerOptions(types.compilerOptions, paths);
  for (const one of defaults) {
    one.setExtraLibs(libraries);
    one.setDiagnosticsOptions({
      noSemanticValidation: false,
      noSyntaxValidation: false,
      diagnosticCodesToIgnore: IGNORED,
    });
    one.setCompilerOptions(options as Parameters<typeof one.setCompilerOptions>[0]);
  }
}

/** What TypeScript says of JavaScript files where types would be written: they are written in none. */
const IGNORED = [7016, 7044];

function indexOf(types: HookTypes): string {
  const paths = types.files.map((file) => file.path);
  const index = paths.filter((path) => path.endsWith("index.d.ts")).sort((a, b) => a.length - b.length)[0];
  return index ?? "index.d.ts";
}

function untyped(packages: readonly string[]): string {
  const names = packages.flatMap((name) => [name, `${name}/*`]);
  const modules = ["*.json", ...names].map((name) => `declare module ${JSON.stringify(name)};`);
  return `// npm packages of this hook, without their types.\n${modules.join("\n")}\n`;
}

/** Whether a place is in the types, and not in a file of the hook. */
export function isOfTypes(uri: monaco.Uri): boolean {
  return uri.toString().startsWith(ROOT) || /^\/lib\.[\w.]+\.d\.ts$/.test(uri.path);
}

/** The name of such a file, as a person knows it. */
export function nameOfTypes(uri: monaco.Uri): string {
  return uri.path.replace(/^\/types\/[^/]+\//, "").replace(/^node_modules\//, "");
}

/** Forgets models that were made to show types, once nobody looks at them. */
export function disposeTypeModels(): void {
  for (const model of monaco.editor.getModels()) {
    if (isOfTypes(model.uri) && !model.isAttachedToEditor()) model.dispose();
  }
}

/** When TypeScript has answered for the first time about this file. */
export async function typesReady(uri: monaco.Uri): Promise<void> {
  const isScript = /\.[cm]?jsx?$/.test(uri.path);
  const worker = await (isScript ? typescript.getJavaScriptWorker() : typescript.getTypeScriptWorker());
  const service = await worker(uri);
  await service.getSemanticDiagnostics(uri.toString());
}
