import { describe, expect, it } from "vitest";
import type { InvocationDetail } from "../../../api/queries/invocations.ts";
import { spansOf } from "./trace.ts";

const ran = (id: string, at: string, durationUs: number, outcome = "allow") =>
  ({ id, point: "beforeSignup", hook: "signup", version: 2, outcome, durationUs, createdAt: at }) as InvocationDetail;

describe("the hooks of a request on one line of time", () => {
  it("begin where they ended, less what they took", () => {
    const { spans, totalUs } = spansOf({
      at: "2026-11-30T12:00:00.010Z",
      invocations: [
        ran("a", "2026-11-30T12:00:00.010Z", 4_000, "patch"),
        ran("b", "2026-11-30T12:00:00.100Z", 2_000, "hook_failed"),
      ],
    });
    expect(spans.map(({ startUs, lengthUs, tone }) => [startUs, lengthUs, tone])).toEqual([
      [0, 4_000, "patch"],
      [92_000, 2_000, "fail"],
    ]);
    expect(totalUs).toBe(94_000);
    expect(spans[1]?.detail).toBe("signup v2 failed");
  });

  it("never overlap, although records know milliseconds only", () => {
    const at = "2026-11-30T12:00:00.010Z";
    const { spans } = spansOf({ at, invocations: [ran("a", at, 900), ran("b", at, 300)] });
    expect(spans[1]?.startUs).toBe(900);
  });

  it("have a length where there are none", () => {
    expect(spansOf({ at: "2026-11-30T12:00:00.010Z", invocations: [] })).toEqual({ spans: [], totalUs: 1 });
  });
});
