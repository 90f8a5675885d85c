// A script that is a kilobyte and comes before all others: it looks at the address and begins to load what that page consists of, while
// the program of the pages is still on its way. Without it, parts of a page are asked for one round trip after the other.
import type { Plugin, Rolldown } from "vite";

/** Addresses below an environment, and the modules that their pages begin with. What is not listed is loaded when the router gets there. */
const PAGES: readonly { path: string; modules: readonly string[]; isLate?: boolean }[] = [
  { path: "", modules: ["src/pages/overview/overview.tsx"] },
  { path: "/auth", modules: ["src/pages/auth/auth.tsx"] },
  { path: "/hooks", modules: ["src/pages/hooks/hooks.tsx"] },
  { path: "/hooks/[^/]+(/\\w+)?", modules: ["src/pages/hook/hook.tsx"] },
  { path: "/hooks/[^/]+(/code)?", modules: ["src/pages/hook/code/code.tsx"] },
  // The megabyte of the editor, after what the page around it needs; a phone shows the code without it.
  { path: "/hooks/[^/]+(/code)?", modules: ["src/pages/hook/code/workbench.tsx"], isLate: true },
  { path: "/calls", modules: ["src/pages/invocations/invocations.tsx"] },
  { path: "/users", modules: ["src/pages/users/users.tsx"] },
  { path: "/webhooks", modules: ["src/pages/webhooks/webhooks.tsx"] },
];

const NAME = "early.js";

export function early(): Plugin {
  let base = "/";
  let file = "";
  return {
    name: "early",
    apply: "build",
    configResolved(config) {
      base = config.base;
    },
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
      const first = filesOf(
        bundle,
        chunks.filter((one) => one.isEntry && one.facadeModuleId?.endsWith("/index.html")),
      );
      const pages = PAGES.map(({ path, modules, isLate = false }) => {
        const wanted = modules.map((name) => {
          const chunk = chunks.find((one) => one.facadeModuleId?.endsWith(`/admin/${name}`));
          if (!chunk) throw new Error(`tools/early.ts: ${name} is no page`);
          return chunk;
        });
        const files = [...filesOf(bundle, wanted)].filter((name) => !first.has(name));
        return [path, files.map((name) => name.replace(/^assets\//, "")), isLate ? 1 : 0];
      });
      const source = `(${begin})(${JSON.stringify(pages)},${JSON.stringify(base)},document,location);\n`;
      file = this.getFileName(this.emitFile({ type: "asset", name: NAME, source }));
    },
    transformIndexHtml: {
      order: "post",
      handler: () => [{ tag: "script", attrs: { async: true, src: base + file }, injectTo: "head-prepend" }],
    },
  };
}

/** The files that these chunks load before they run. */
function filesOf(bundle: Rolldown.OutputBundle, chunks: readonly Rolldown.OutputChunk[]): Set<string> {
  const found = new Set<string>();
  const add = (chunk: Rolldown.OutputChunk) => {
    if (found.has(chunk.fileName)) return;
    found.add(chunk.fileName);
    for (const css of chunk.viteMetadata?.importedCss ?? []) found.add(css);
    for (const name of chunk.imports) {
      const imported = bundle[name];
      if (imported?.type === "chunk") add(imported);
    }
  };
  for (const chunk of chunks) add(chunk);
  return found;
}

/**
 * Runs in the browser, as it is written here. Every page of a project first asks who is signed in; other pages may not, and would get this
 * answer when somebody has signed in since.
 */
const begin = `(pages, base, document, { pathname }) => {
  if (pathname.startsWith(base + "p/")) {
    const session = document.createElement("link");
    session.rel = "preload";
    session.as = "fetch";
    session.crossOrigin = "";
    session.href = base + "api/v1/session";
    document.head.append(session);
  }
  for (const [path, files, isLate] of pages) {
    if (!new RegExp("^" + base + "p/[^/]+/[^/]+" + path + "/?$").test(pathname)) continue;
    if (isLate && !matchMedia("(min-width: 701px)").matches) continue;
    for (const file of files) {
      const link = document.createElement("link");
      if (file.endsWith(".css")) {
        link.rel = "preload";
        link.as = "style";
      } else link.rel = "modulepreload";
      link.crossOrigin = "";
      if (isLate) link.fetchPriority = "low";
      link.href = base + "assets/" + file;
      document.head.append(link);
    }
  }
}`;
