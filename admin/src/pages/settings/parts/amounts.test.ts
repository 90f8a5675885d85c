import { expect, test } from "vitest";
import { sizeInWords, timeInWords } from "./amounts.ts";

test.each([
  [0, "none"],
  [1, "1 second"],
  [900, "15 minutes"],
  [5_400, "1 hour 30 minutes"],
  [2_592_000, "30 days"],
  [90_061, "about 1 day 1 hour"],
  [null, ""],
  [Number.NaN, ""],
])("%s seconds are %s", (seconds, words) => expect(timeInWords(seconds)).toBe(words));

test.each([
  [512, "512 bytes"],
  [33_554_432, "32 MiB"],
  [65_536, "64 KiB"],
  [1_600_000, "about 1.5 MiB"],
  [undefined, ""],
])("%s bytes are %s", (bytes, words) => expect(sizeInWords(bytes)).toBe(words));
