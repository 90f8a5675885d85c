import { describe, expect, it } from "vitest";
import { ApiError } from "../api/errors.ts";
import type { AssistantEvent } from "../api/queries/assistant.ts";
import { applied, begin, cutOff, type Exchange, fail, follow, messagesOf, stop, textOf } from "./conversation.ts";
import { proposal, round, started, usage } from "./examples.ts";

const question = { task: "change", text: "reject free mail", attached: [] } as const;
const delta = (number: number, text: string): AssistantEvent => ({
  type: "text",
  data: { round: number, delta: text },
});

function answerTo(...events: AssistantEvent[]): Exchange {
  return events.reduce(follow, begin(1, question));
}

describe("an answer", () => {
  it("is followed event by event, round by round", () => {
    const exchange = answerTo(
      { type: "started", data: started },
      { type: "round", data: { number: 1, of: 3 } },
      delta(1, "bad "),
      delta(1, "code"),
      { type: "verified", data: round({ number: 1, compiles: false, problems: ["does not compile"] }) },
      { type: "round", data: { number: 2, of: 3 } },
      delta(2, "good code"),
      { type: "verified", data: round({ number: 2 }) },
      { type: "proposal", data: proposal({ text: "It rejects free mail." }) },
      { type: "done", data: { result: "proposal", usage } },
    );
    expect(exchange.rounds.map(({ number, of, text }) => [number, of, text])).toEqual([
      [1, 3, "bad code"],
      [2, 3, "good code"],
    ]);
    expect(exchange.rounds[0]?.verified?.problems).toEqual(["does not compile"]);
    expect(textOf(exchange)).toBe("It rejects free mail.");
    expect(exchange.end).toEqual({ kind: "done", usage });
  });

  it("is what was written last, as long as there is no proposal", () => {
    expect(textOf(answerTo({ type: "round", data: { number: 1, of: 1 } }, delta(1, "Because…")))).toBe("Because…");
  });

  it("ends once: what comes after that changes nothing", () => {
    const done = answerTo({ type: "done", data: { result: "text", usage } });
    expect(follow(done, { type: "started", data: started })).toBe(done);
    expect(stop(done)).toBe(done);
    expect(fail(done, new ApiError({ code: "x", status: 0, message: "" }))).toBe(done);
    expect(cutOff(done)).toBe(done);
  });

  it("fails in the words of the server", () => {
    const { end } = answerTo({ type: "failed", data: { code: "model_timeout", message: "It took too long.", usage } });
    expect(end?.kind === "failed" && [end.error.code, end.error.message, end.usage]).toEqual([
      "model_timeout",
      "It took too long.",
      usage,
    ]);
  });

  it("fails if the stream ends before it does", () => {
    const { end } = cutOff(answerTo({ type: "started", data: started }));
    expect(end?.kind === "failed" && end.error.message).toContain("Nothing was changed");
  });

  it("takes text of rounds that there are alone, and not without end", () => {
    expect(answerTo(delta(1, "x")).rounds).toEqual([]);
    const long = answerTo({ type: "round", data: { number: 1, of: 1 } }, delta(1, "x".repeat(3_000_000)));
    expect(long.rounds[0]?.text).toHaveLength(1_000_000);
  });

  it("knows that its proposal was applied", () => {
    const done = applied(answerTo({ type: "proposal", data: proposal() }), 42);
    expect([done.proposal?.appliedRevision, done.proposal?.appliedAt]).toEqual([42, expect.any(String)]);
  });
});

describe("what is sent of what was said before", () => {
  const answered = (text: string, reply: string): Exchange => {
    const asked = begin(1, { ...question, text });
    return [
      { type: "round", data: { number: 1, of: 1 } },
      delta(1, reply),
      { type: "done", data: { result: "text", usage } },
    ].reduce((exchange, event) => follow(exchange, event as AssistantEvent), asked);
  };

  it("is every question with its answer, as the model wrote it, and the new question last", () => {
    expect(messagesOf([answered("a", "b"), answered("c", "d")], "e")).toEqual([
      { role: "user", text: "a" },
      { role: "assistant", text: "b" },
      { role: "user", text: "c" },
      { role: "assistant", text: "d" },
      { role: "user", text: "e" },
    ]);
  });

  it("leaves out what was stopped, what failed and what was not answered", () => {
    const failed = fail(begin(2, question), new ApiError({ code: "x", status: 0, message: "" }));
    const empty = follow(begin(3, question), { type: "done", data: { result: "text", usage } });
    expect(messagesOf([failed, stop(begin(4, question)), empty], "e")).toEqual([{ role: "user", text: "e" }]);
  });

  it("has no more messages and bytes than the server takes, and begins with a question", () => {
    const many = messagesOf(
      Array.from({ length: 30 }, (_, n) => answered(`q${n}`, `a${n}`)),
      "last",
    );
    expect(many).toHaveLength(19);
    expect([many[0]?.role, many.at(-1)?.text]).toEqual(["user", "last"]);
    const large = messagesOf([answered("a", "é".repeat(20_000)), answered("c", "é".repeat(20_000))], "last");
    expect(large.map(({ text }) => text.slice(0, 1))).toEqual(["c", "é", "l"]);
  });
});
