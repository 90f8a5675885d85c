// How the pages are built and served while they are worked on. `AEROCALL_SERVER` names the server behind `npm run dev`.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { early } from "./tools/early.ts";
import { ownWorkers } from "./tools/own_workers.ts";

const server = process.env.AEROCALL_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/admin/",
  plugins: [ownWorkers(), react(), early()],
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    // Nothing is inlined: the policy of the page allows no data: scripts or fonts, and files are kept for ever by their hash.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
        // A browser loads six files at a time: what most pages share is one file.
        codeSplitting: {
          groups: [{ name: "shared", test: /\/admin\/src\/(api|parts|words)\//, minShareCount: 8 }],
        },
      },
    },
  },
  worker: { format: "es" },
  server: {
    proxy: {
      "/admin/api": { target: server, changeOrigin: true, headers: { origin: server } },
      "/auth": { target: server, changeOrigin: true },
      "/docs": { target: server, changeOrigin: true },
    },
  },
  // A test that needs a window says so at its top: making one takes longer than most tests.
  test: { environment: "node", pool: "threads", include: ["src/**/*.test.{ts,tsx}"], restoreMocks: true },
});
