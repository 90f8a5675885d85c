// Tests in a browser, against the built program: `npm run test:browser`. One file after the other: two cores. With `SWEEP=1` those that
// take minutes: every page in every look, and the way from an empty server to a live hook.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    include: [process.env.SWEEP ? "tests/**/*.sweep.ts" : "tests/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    retry: process.env.CI ? 1 : 0,
  },
});
