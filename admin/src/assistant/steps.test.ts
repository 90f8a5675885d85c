import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../../docs/openapi.d.ts";
import { ApiError } from "../api/errors.ts";
import type { AssistantEvent, ProposalRound } from "../api/queries/assistant.ts";
import { applied, begin, type Exchange, fail, follow, stop } from "./conversation.ts";
import { proposal, round, started } from "./examples.ts";
import { stepsOf } from "./steps.ts";

const asked = begin(1, { task: "change", text: "x", attached: [] });
const of = (exchange: Exchange, ...events: AssistantEvent[]) => events.reduce(follow, exchange);
const states = (exchange: Exchange) => stepsOf(exchange).map((step) => step.state);
const word = (exchange: Exchange, name: string) => stepsOf(exchange).find((step) => step.name === name)?.word;
const begun = of(asked, { type: "started", data: started }, { type: "round", data: { number: 1, of: 3 } });
const verified = (data: Partial<ProposalRound>) => of(begun, { type: "verified", data: round(data) });

describe("the six steps of a proposal", () => {
  it("are asked, written, compiles, types, cases, applied", () => {
    expect(stepsOf(asked).map((step) => step.name)).toEqual([
      "asked",
      "written",
      "compiles",
      "types",
      "cases",
      "applied",
    ]);
  });

  it("wait one for another", () => {
    expect(states(asked)).toEqual(["running", "waiting", "waiting", "waiting", "waiting", "waiting"]);
    expect(states(begun)).toEqual(["passed", "running", "waiting", "waiting", "waiting", "waiting"]);
  });

  it("are not asked if the server refuses, and not written if the model fails or is stopped", () => {
    const refused = fail(asked, new ApiError({ code: "assistant_off", status: 409, message: "off" }));
    expect(states(refused).slice(0, 2)).toEqual(["failed", "waiting"]);
    expect(states(stop(begun)).slice(0, 2)).toEqual(["passed", "failed"]);
  });

  it("say that it does not compile, and nothing of what comes after", () => {
    const broken = verified({ compiles: false, cases: { total: 0, passed: 0, failed: [] }, problems: ["syntax"] });
    expect(states(broken)).toEqual(["passed", "passed", "failed", "waiting", "waiting", "waiting"]);
    expect(word(broken, "compiles")).toBe("does not compile");
  });

  it("say whether types were checked, and what was found", () => {
    expect(word(verified({}), "types")).toBe("types not checked");
    const checked = { status: "checked", reason: null } as const;
    expect(states(verified({ types: checked }))[3]).toBe("passed");
    const found = [{ code: "TS2322" }, { code: "suspicious-import" }] as Diagnostic[];
    const wrong = verified({ types: checked, diagnostics: found });
    expect([states(wrong)[3], word(wrong, "types")]).toEqual(["failed", "1 type problem"]);
  });

  it("count cases, and say if there is none", () => {
    const red = verified({ cases: { total: 6, passed: 4, failed: [] } });
    expect([states(red)[4], word(red, "cases")]).toEqual(["failed", "4/6 cases"]);
    expect([states(verified({}))[4], word(verified({}), "cases")]).toEqual(["passed", "6/6 cases"]);
    const none = verified({ cases: { total: 0, passed: 0, failed: [] } });
    expect([states(none)[4], word(none, "cases")]).toEqual(["not_checked", "no case"]);
  });

  it("are those of the last round", () => {
    const again = of(verified({ compiles: false }), { type: "round", data: { number: 2, of: 3 } });
    expect(states(again)).toEqual(["passed", "running", "waiting", "waiting", "waiting", "waiting"]);
    expect(word(again, "written")).toBe("writing, round 2");
  });

  it("end with the revision of the draft that has it", () => {
    const proposed = of(verified({}), { type: "proposal", data: proposal() });
    expect(states(proposed)[5]).toBe("waiting");
    expect([states(applied(proposed, 42))[5], word(applied(proposed, 42), "applied")]).toEqual([
      "passed",
      "applied as r42",
    ]);
  });
});
