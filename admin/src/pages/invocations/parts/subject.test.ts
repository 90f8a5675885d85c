import { describe, expect, it } from "vitest";
import { subject } from "./subject.ts";

describe("a value in a few words", () => {
  it("is what the call was about", () => {
    expect(subject(["attempts:1.2.3.4"])).toBe("attempts:1.2.3.4");
    expect(subject(["INSERT INTO t VALUES ($1)", [1]])).toBe("INSERT INTO t VALUES ($1)");
    expect(subject({ sql: "SELECT *\n  FROM t", params: [] })).toBe("SELECT * FROM t");
    expect(subject([{ method: "POST", url: "https://crm.example/users" }])).toBe("POST https://crm.example/users");
    expect(subject({ to: "a@x.example", subject: "Hi" })).toBe("a@x.example");
  });

  it("is the value itself where nothing is known of it, and never long", () => {
    expect(subject(null)).toBe("null");
    expect(subject([1, 2])).toBe("[1,2]");
    expect(subject({ other: true })).toBe('{"other":true}');
    expect(subject("x".repeat(200))).toHaveLength(80);
  });
});
