import { describe, expect, it } from "vitest";
import { ApiError } from "../api/errors.ts";
import type { AskRequest, AssistantEvent } from "../api/queries/assistant.ts";
import { Chat } from "./chat_store.ts";
import { started, usage } from "./examples.ts";

const id = { project: "shop", hook: "signup" };
const question = { task: "explain", text: "why", attached: [] } as const;
const request = {
  task: "explain",
  environment: "production",
  attach: { diagnostics: false, case: null, invocation: null },
} as const;
const done: AssistantEvent = { type: "done", data: { result: "text", usage } };

function answering(...events: AssistantEvent[]) {
  const sent: AskRequest[] = [];
  const chat = new Chat(id, async function* (_, body) {
    sent.push(body);
    yield* events;
  });
  return { chat, sent };
}

describe("a conversation", () => {
  it("sends the question with what was said before, and follows the answer", async () => {
    const { chat, sent } = answering(
      { type: "started", data: started },
      { type: "round", data: { number: 1, of: 1 } },
      { type: "text", data: { round: 1, delta: "Because." } },
      done,
    );
    await chat.ask(question, request);
    await chat.ask({ ...question, text: "and then" }, request);
    expect(sent[1]?.messages.map(({ text }) => text)).toEqual(["why", "Because.", "and then"]);
    expect(chat.read().map((one) => one.end?.kind)).toEqual(["done", "done"]);
    expect(chat.isBusy).toBe(false);
  });

  it("tells whoever looks, at the end at the latest", async () => {
    const { chat } = answering({ type: "started", data: started }, done);
    let told = 0;
    chat.subscribe(() => {
      told += 1;
    });
    await chat.ask(question, request);
    expect(told).toBeGreaterThan(1);
  });

  it("can be stopped: the request ends, and what comes later is not taken", async () => {
    let isEnded = false;
    const chat = new Chat(id, async function* (_, __, signal): AsyncGenerator<AssistantEvent> {
      yield { type: "started", data: started };
      await new Promise<void>((_next, fail) => {
        signal.addEventListener("abort", () => {
          isEnded = true;
          fail(new DOMException("aborted", "AbortError"));
        });
      });
    });
    const asked = chat.ask(question, request);
    expect(chat.isBusy).toBe(true);
    await chat.ask({ ...question, text: "meanwhile" }, request);
    expect(chat.read()).toHaveLength(1);
    await expect.poll(() => chat.read()[0]?.started).toEqual(started);
    chat.stop();
    await asked;
    expect([isEnded, chat.read()[0]?.end?.kind]).toEqual([true, "stopped"]);
  });

  it("asks again if the server is busy, says so meanwhile, and can be stopped then", async () => {
    const seen: boolean[] = [];
    let tries = 0;
    const busy = (retryAfterSeconds: number) =>
      new ApiError({ code: "busy", status: 503, message: "The compiler is busy", retryAfterSeconds });
    const chat = new Chat(id, async function* (): AsyncGenerator<AssistantEvent> {
      tries += 1;
      if (tries < 3) throw busy(0.01);
      yield { type: "started", data: started };
      yield done;
    });
    chat.subscribe(() => seen.push(chat.read()[0]?.isWaiting ?? false));
    await chat.ask(question, request);
    expect([tries, chat.read()[0]?.end?.kind, seen.includes(true), seen.at(-1)]).toEqual([3, "done", true, false]);
    // biome-ignore lint/correctness/useYield: it fails before there is anything to give
    const never = new Chat(id, async function* (): AsyncGenerator<AssistantEvent> {
      throw busy(10);
    });
    const asked = never.ask(question, request);
    await expect.poll(() => never.read()[0]?.isWaiting).toBe(true);
    never.stop();
    await asked;
    expect(never.read()[0]?.end?.kind).toBe("stopped");
  });

  it("says so if the stream ends early, or cannot be reached", async () => {
    const { chat } = answering({ type: "started", data: started });
    await chat.ask(question, request);
    const [cut] = chat.read();
    expect(cut?.end?.kind === "failed" && cut.end.error.message).toContain("ended before");
    // biome-ignore lint/correctness/useYield: it fails before there is anything to give
    const away = new Chat(id, async function* (): AsyncGenerator<AssistantEvent> {
      throw new TypeError("fetch failed");
    });
    await away.ask(question, request);
    const [failed] = away.read();
    expect(failed?.end?.kind === "failed" && failed.end.error.code).toBe("unreachable");
  });

  it("can be begun anew", async () => {
    const { chat, sent } = answering(done);
    await chat.ask(question, request);
    chat.clear();
    await chat.ask(question, request);
    expect([chat.read().length, sent[1]?.messages.length]).toEqual([1, 1]);
  });
});
