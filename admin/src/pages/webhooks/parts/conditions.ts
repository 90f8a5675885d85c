// Conditions on an event as they are typed, and as the server has them.
import type { WebhookCondition } from "../../../api/queries/webhooks.ts";

export type Test = "equals" | "in" | "startsWith" | "endsWith" | "exists";
/** `value` is text: JSON for `equals` and `in` where it is more than a word. */
export type Condition = { path: string; test: Test; value: string };

export const MOST_CONDITIONS = 10;
export const EMPTY_CONDITION: Condition = { path: "/data/user/email", test: "endsWith", value: "" };

export const TESTS: { value: Test; title: string }[] = [
  { value: "equals", title: "is" },
  { value: "in", title: "is one of" },
  { value: "startsWith", title: "begins with" },
  { value: "endsWith", title: "ends with" },
  { value: "exists", title: "is there" },
];

export function toCondition(typed: Condition): WebhookCondition {
  const { path, test, value } = typed;
  switch (test) {
    case "equals":
      return { path, equals: scalar(value) };
    case "in":
      return { path, in: value.split(",").map((one) => scalar(one.trim())) };
    case "startsWith":
      return { path, startsWith: value };
    case "endsWith":
      return { path, endsWith: value };
    case "exists":
      return { path, exists: value !== "no" };
  }
}

export function fromCondition(condition: WebhookCondition): Condition {
  const { path } = condition;
  if ("equals" in condition) return { path, test: "equals", value: typed(condition.equals) };
  if ("in" in condition) return { path, test: "in", value: condition.in.map(typed).join(", ") };
  if ("startsWith" in condition) return { path, test: "startsWith", value: condition.startsWith };
  if ("endsWith" in condition) return { path, test: "endsWith", value: condition.endsWith };
  return { path, test: "exists", value: condition.exists ? "yes" : "no" };
}

/** `/data/user/email ends with @example.com`. */
export function saidOf(condition: WebhookCondition): string {
  const { path, test, value } = fromCondition(condition);
  if (test === "exists") return `${path} ${value === "yes" ? "is there" : "is not there"}`;
  const title = TESTS.find((one) => one.value === test)?.title ?? test;
  return `${path} ${title} ${value}`;
}

/** What is wrong with one that is typed; the server says the rest. */
export function problemOf({ path, test, value }: Condition): string | undefined {
  if (!path.startsWith("/")) return "The path begins with /, as in /data/user/email";
  if (test !== "exists" && value === "") return "Say what it is compared with";
  return undefined;
}

/** Numbers, booleans and null are meant as such, unless they are in quotes; everything else is text. */
function scalar(text: string): string | number | boolean | null {
  if (/^(true|false|null|-?\d+(\.\d+)?)$/.test(text)) return JSON.parse(text);
  if (/^".*"$/.test(text)) {
    try {
      return JSON.parse(text) as string;
    } catch {
      return text;
    }
  }
  return text;
}

function typed(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return scalar(value) === value && !value.includes(",") ? value : JSON.stringify(value);
}
