// @vitest-environment node
import { describe, expect, it } from "vitest";
import { ago, bytes, duration, fuel, memory, percent, percentOf, plural } from "./format.ts";

/** Thin and no-break blanks as blanks, so that the cases can be read. */
const plain = (text: string) => text.replaceAll(/[\u2009\u00a0\u202f]/g, " ");

describe("durations", () => {
  it.each([
    [0, "0 µs"],
    [850, "850 µs"],
    [999.9, "1 ms"],
    [1240, "1.24 ms"],
    [12_400, "12.4 ms"],
    [999_900, "1 s"],
    [3_500_000, "3.5 s"],
    [59_949_000, "59.9 s"],
    [60_000_000, "1 min"],
    [125_000_000, "2 min 5 s"],
    [12_000_000_000, "3 h 20 min"],
    [86_400_000_000, "1 d"],
    [90_061_000_000, "1 d 1 h"],
  ])("%d µs is %s", (us, words) => expect(plain(duration(us))).toBe(words));
});

describe("sizes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1300, "1.3 kB"],
    [999_999, "1 MB"],
    [1_310_000, "1.31 MB"],
  ])("%d bytes are %s", (count, words) => expect(plain(bytes(count))).toBe(words));
  it("of memory are powers of 1,024", () => expect(plain(memory(1_310_720))).toBe("1.25 MiB"));
  it("of fuel have no unit but a factor", () => {
    expect(plain(fuel(120_000))).toBe("120 k");
    expect(plain(fuel(999))).toBe("999");
    expect(plain(fuel(1_234_567))).toBe("1.23 M");
  });
});

describe("shares", () => {
  it.each([
    [0, "0%"],
    [0.0001, "< 0.1%"],
    [0.021, "2.1%"],
    [0.5, "50%"],
    [0.9999, "> 99%"],
    [1, "100%"],
  ])("%d is %s", (share, words) => expect(plain(percent(share))).toBe(words));
  it("are shown with what they are a share of", () => {
    expect(plain(percentOf(101, 4810))).toBe("2.1% of 4,810");
    expect(percentOf(0, 0)).toBe("–");
  });
});

describe("times", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  it.each([
    ["2026-03-01T11:59:58Z", "now"],
    ["2026-03-01T11:59:20Z", "40 sec. ago"],
    ["2026-03-01T11:57:00Z", "3 min. ago"],
    ["2026-02-28T12:00:00Z", "yesterday"],
    ["2026-03-01T14:00:00Z", "in 2 hr."],
  ])("%s is %s", (at, words) => expect(ago(at, now)).toBe(words));
});

it("one thing is not many", () => {
  expect(plural(1, "hook")).toBe("1 hook");
  expect(plural(0, "hook")).toBe("0 hooks");
  expect(plural(12_400, "delivery", "deliveries")).toBe("12,400 deliveries");
});
