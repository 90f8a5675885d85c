import { describe, expect, it } from "vitest";
import { filterOf } from "./filters.ts";

describe("the filters of the list of invocations", () => {
  it("are read from the address as the server wants them", () => {
    expect(filterOf({ hook: "signup", request: "req_1", slower: 100, version: 3, mode: "canary" })).toEqual({
      hook: "signup",
      requestId: "req_1",
      minDurationUs: 100_000,
      version: 3,
      mode: "canary",
    });
    expect(filterOf({})).toEqual({});
  });
});
