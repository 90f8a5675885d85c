import { describe, expect, it } from "vitest";
import { headersOf, problemsOf, requestOf, type Typed } from "./try_request.ts";

const typed = (more: Partial<Typed> = {}): Typed => ({
  mode: "dry-run",
  path: "/auth/register",
  headers: "",
  body: "",
  use: {},
  http: "",
  ...more,
});

describe("a request that is tried", () => {
  it("leaves out what was left empty", () => {
    expect(requestOf("POST", typed())).toEqual({ method: "POST", path: "/auth/register", mode: "dry-run" });
  });

  it("has headers, body, versions and responses as they were typed", () => {
    const all = typed({
      headers: "User-Agent: test\n\nauthorization: Bearer a:b",
      body: '{"email":"a@x.example"}',
      use: { signup: "draft" },
      http: '[{"request":{"url":"https://x.example"}}]',
    });
    expect(problemsOf(all)).toEqual({});
    expect(requestOf("POST", all)).toEqual({
      method: "POST",
      path: "/auth/register",
      mode: "dry-run",
      headers: { "user-agent": "test", authorization: "Bearer a:b" },
      body: { email: "a@x.example" },
      use: { signup: "draft" },
      http: [{ request: { url: "https://x.example" } }],
    });
    expect(requestOf("POST", { ...all, mode: "live" })).not.toHaveProperty("http");
  });

  it("names what is wrong, at its field", () => {
    expect(problemsOf(typed({ path: "/auth/sessions/{id}" })).path).toBe("Put a value in the place of {id}");
    expect(problemsOf(typed({ path: "/admin" })).path).toContain("/auth/");
    expect(problemsOf(typed({ headers: "nonsense" })).headers).toContain("nonsense");
    expect(problemsOf(typed({ body: "{" })).body).toContain("not JSON");
    expect(problemsOf(typed({ body: "[]" })).body).toBe("The body is a JSON object");
    expect(problemsOf(typed({ http: "{}" })).http).toBe("The responses are a list");
  });

  it("reads headers without regard to case and space", () => {
    expect(headersOf(" X-Test :  a b ")).toEqual({ "x-test": "a b" });
  });
});
