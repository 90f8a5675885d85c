// Monaco's file that begins the workers of language services imports every feature of the editor; ours begins them and no more.
import { join } from "node:path";
import type { Plugin } from "vite";

/** The build fails when an update of Monaco has moved the file. */
export function ownWorkers(): Plugin {
  let isReplaced = false;
  return {
    name: "own-workers",
    enforce: "pre",
    apply: "build",
    resolveId(source, importer) {
      if (!source.endsWith("/internal/common/workers.js") || !importer?.includes("/features/typescript/")) return null;
      isReplaced = true;
      return join(import.meta.dirname, "../src/editor/create_worker.ts");
    },
    buildEnd(error) {
      if (!error && !isReplaced) this.error("Monaco begins its workers elsewhere now: see src/editor/create_worker.ts");
    },
  };
}
