// @vitest-environment node
import { describe, expect, it } from "vitest";
import { ApiError, asApiError, readError, UNREACHABLE } from "./errors.ts";

const refused = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers });

describe("a refusal of the server", () => {
  const body = {
    error: {
      code: "invalid_input",
      message: "Fields are invalid",
      request_id: "req_1",
      details: [
        { field: "email", problem: "is no address" },
        { field: "limits.memory", problem: "is too large" },
        { field: 3, problem: "is no problem" },
      ],
    },
  };
  const error = readError(refused(422), body);

  it("has its code, message, request and problems", () => {
    expect(error).toMatchObject({
      code: "invalid_input",
      message: "Fields are invalid",
      requestId: "req_1",
      status: 422,
    });
    expect(error.problems).toHaveLength(2);
  });

  it("tells a field its own problem, and that of what is in it", () => {
    expect(error.problemOf("email")).toBe("is no address");
    expect(error.problemOf("limits")).toBe("is too large");
    expect(error.problemOf("lim")).toBeUndefined();
  });

  it("of a hook names it", () => {
    expect(readError(refused(403), { error: { code: "no", message: "No", hook: "gate" } }).hook).toBe("gate");
  });

  it("that may pass is said so, with how long it takes", () => {
    const busy = readError(refused(503, { "retry-after": "7" }), null);
    expect(busy).toMatchObject({ isPassing: true, retryAfterSeconds: 7, code: "http_503" });
    expect(error.isPassing).toBe(false);
  });
});

describe("what was thrown", () => {
  it("by an unreachable server is reported as such", () => {
    expect(asApiError(new TypeError("fetch failed"))).toMatchObject({ code: UNREACHABLE, status: 0, isPassing: true });
  });
  it("is kept if it is a refusal already", () => {
    const error = new ApiError({ code: "a", message: "b", status: 400 });
    expect(asApiError(error)).toBe(error);
  });
});
