import { describe, expect, it } from "vitest";
import type { HookPointList } from "../../../../../docs/openapi.d.ts";
import { caseOf, firstOf, ofCase, parse, pointsOf, requestOf } from "./test_input.ts";

const list: HookPointList = {
  points: [
    {
      name: "beforeSignup",
      phase: "before",
      when: "Before the commit: registration.",
      endpoint: "POST /auth/register",
      payloadSchema: {},
      replySchema: {},
      mayChange: [],
      defaultFailurePolicy: "closed",
      samples: [{ name: "every member", input: { user: { email: "ada@example.com" } } }],
    },
  ],
  events: [
    {
      name: "queue.example",
      when: "A message.",
      inputSchema: {},
      samples: [{ name: "one", input: { type: "queue.example" } }],
    },
  ],
};

const typed = (payload: string) => ({ payload, context: "", given: "", faults: "", from: "" });

describe("points of a hook", () => {
  it("are those of its manifest, with their samples", () => {
    const points = pointsOf({ hooks: ["beforeSignup"], events: ["queue.mails"] }, list);
    expect(points.map((point) => point.name)).toEqual(["beforeSignup", "queue.mails"]);
    expect(points[1] && firstOf(points[1]).payload).toContain('"queue.mails"');
  });

  it("are all of them while nothing is known of the hook", () => {
    expect(pointsOf(null, list).map((point) => point.name)).toEqual(["beforeSignup"]);
  });
});

describe("an input", () => {
  it("that is not JSON is reported with its place", () => {
    const read = parse('{\n  "a": 1,\n  b\n}');
    expect(read).toMatchObject({ problem: { line: 3, column: 3 } });
    expect("problem" in read && read.problem.message).not.toMatch(/position|not valid JSON/);
    expect(requestOf("draft", "beforeSignup", typed("{"))).toMatchObject({ field: "payload" });
  });

  it("becomes a request without what is empty", () => {
    expect(requestOf("draft", "beforeSignup", { ...typed('{"a":1}'), faults: "db.query#2=timeout\n, " })).toEqual({
      request: { target: "draft", point: "beforeSignup", payload: { a: 1 }, faults: ["db.query#2=timeout"] },
    });
  });
});

describe("a case", () => {
  it("expects the whole reply, or the decision alone", () => {
    const request = { target: "draft" as const, point: "beforeSignup", payload: { a: 1 } };
    const reply = { kind: "deny", code: "no", message: "No", status: 403 };
    expect(caseOf(request, reply, "reply")).toEqual({ hook: "beforeSignup", payload: { a: 1 }, expect: { reply } });
    expect(caseOf(request, reply, "decision").expect).toEqual({ replyIncludes: { kind: "deny" } });
  });

  it("can be typed again", () => {
    const given = ofCase("free-mail", { hook: "beforeSignup", payload: { a: 1 }, given: { cache: {} } });
    expect(given).toMatchObject({ payload: '{\n  "a": 1\n}', context: "", from: "case free-mail" });
    expect(given.given).toContain("cache");
  });
});
