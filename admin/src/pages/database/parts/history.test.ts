import { expect, test } from "vitest";
import { earlier, remember } from "./history.ts";

const HERE = { project: "shop", environment: "development" };
const THERE = { project: "shop", environment: "production" };

test("statements are kept once, newest first, and in their environment", () => {
  remember(HERE, "SELECT 1");
  remember(HERE, "SELECT 2");
  remember(HERE, "SELECT 1");
  expect(earlier(HERE)).toEqual(["SELECT 1", "SELECT 2"]);
  expect(earlier(THERE)).toEqual([]);
});

test("not without end", () => {
  for (let count = 0; count < 50; count += 1) remember(THERE, `SELECT ${count}`);
  expect(earlier(THERE)).toHaveLength(20);
  expect(earlier(THERE)[0]).toBe("SELECT 49");
});
