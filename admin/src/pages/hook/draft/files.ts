// Files of a draft: adding, renaming and deleting them, and which names they can have. All functions return new lists.
import type { SourceFile } from "../../../../../docs/openapi.d.ts";

type Files = readonly SourceFile[];

const ENDINGS = [".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".json"];
const MAX_FILES = 1000;

/** The file that the hook is. */
export function entryOf(hook: string, files: Files, entry: string | null): string | undefined {
  if (entry) return files.some((file) => file.path === entry) ? entry : undefined;
  const named = files.filter((file) => /^hooks\/[^/]+\.[cm]?[jt]sx?$/.test(file.path));
  const own = named.find((file) => file.path.slice("hooks/".length).replace(/\.[^.]+$/, "") === hook);
  return own?.path ?? files[0]?.path;
}

export function write(files: Files, path: string, text: string): SourceFile[] {
  return files.map((file) => (file.path === path ? { path, text } : file));
}

export function add(files: Files, path: string, text = ""): SourceFile[] {
  return [...files, { path, text }].sort(byPath);
}

export function remove(files: Files, path: string): SourceFile[] {
  return files.filter((file) => file.path !== path);
}

export function rename(files: Files, from: string, to: string): SourceFile[] {
  return files.map((file) => (file.path === from ? { path: to, text: file.text } : file)).sort(byPath);
}

function byPath(a: SourceFile, b: SourceFile): number {
  return a.path < b.path ? -1 : 1;
}

/** What is wrong with a new path; `undefined` if nothing is. `own` is the file that is renamed. */
export function pathProblem(files: Files, path: string, own?: string): string | undefined {
  if (path === "") return "A file needs a name.";
  if (path.length > 200) return "A path can have 200 characters.";
  if (!/^[A-Za-z0-9@._/-]+$/.test(path)) return "A path has letters, digits and . _ - / @.";
  if (path.startsWith("/") || path.endsWith("/")) return "A path is relative and names a file.";
  if (path.split("/").some((part) => part === "" || part === "." || part === ".."))
    return "A path has no empty parts and no dots alone.";
  if (path.split("/").includes("node_modules")) return "Packages come with a version that was built with them.";
  if (!ENDINGS.some((ending) => path.endsWith(ending))) return `A file ends in ${ENDINGS.join(", ")}.`;
  const lower = path.toLowerCase();
  if (files.some((file) => file.path !== own && file.path.toLowerCase() === lower))
    return "There is a file of this name.";
  if (own === undefined && files.length >= MAX_FILES) return `A hook can have ${MAX_FILES} files.`;
  return undefined;
}

/** What changed from one list of files to another, for those who decide between them. */
export type FileDifference = { path: string; before: string | null; after: string | null };

export function differences(before: Files, after: Files): FileDifference[] {
  const old = new Map(before.map((file) => [file.path, file.text]));
  const now = new Map(after.map((file) => [file.path, file.text]));
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((path) => ({ path, before: old.get(path) ?? null, after: now.get(path) ?? null }))
    .filter((one) => one.before !== one.after);
}
