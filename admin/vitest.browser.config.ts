// Tests in a browser, against the built program: `npm run test:browser`. Two files at a time: each waits for its browser and its server
// as much as they work. With `SWEEP=1` what takes longer: every page in every look. `npm run budgets` measures instead.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    include: [`tests/**/*.${process.env.MEASURE ? "measure" : process.env.SWEEP ? "sweep" : "test"}.ts`],
    // What is measured is alone.
    fileParallelism: !process.env.MEASURE,
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 180_000,
    retry: process.env.CI ? 1 : 0,
  },
});
