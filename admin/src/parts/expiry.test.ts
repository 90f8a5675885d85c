import { expect, test } from "vitest";
import { dayOf, momentOf, NEVER } from "./expiry.ts";

const NOW = Date.parse("2027-01-31T12:00:00Z");

test("a length is counted from now, never is nothing", () => {
  expect(momentOf({ length: "30", day: "" }, NOW)).toBe("2027-03-02T12:00:00.000Z");
  expect(momentOf(NEVER, NOW)).toBeUndefined();
});

test("a day begins where the browser is", () => {
  const moment = momentOf({ length: "day", day: "2027-02-01" }, NOW) ?? "";
  expect(dayOf(Date.parse(moment))).toBe("2027-02-01");
  expect(new Date(moment).getHours()).toBe(0);
});

test("what is no day goes to the server, which says so, and never becomes no end", () => {
  expect(momentOf({ length: "day", day: "soon" }, NOW)).toBe("soon");
  expect(momentOf({ length: "day", day: "" }, NOW)).toBe("no day");
});
