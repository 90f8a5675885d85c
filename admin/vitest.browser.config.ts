// Tests in a browser, against the built program: `npm run test:browser`. One file after the other: two cores.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    include: ["tests/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    retry: process.env.CI ? 1 : 0,
  },
});
