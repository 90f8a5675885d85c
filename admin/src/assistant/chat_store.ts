// The conversation about one hook, while its pages are open: it asks, follows the answer and can be stopped. React reads it as a store.

import { cache } from "../api/client.ts";
import { ApiError, asApiError } from "../api/errors.ts";
import { type AskRequest, type AssistantEvent, askAssistant, assistantSettings } from "../api/queries/assistant.ts";
import type { HookId } from "../api/queries/drafts.ts";
import {
  applied,
  begin,
  cutOff,
  type Exchange,
  fail,
  follow,
  isUnderWay,
  messagesOf,
  type Question,
  stop,
  waiting,
} from "./conversation.ts";

/** What comes within this time is drawn at once. */
const DRAWN_EVERY_MS = 50;

const MOST_TRIES = 8;
const BUSY_SECONDS = 3;
const MOST_SECONDS = 10;

/** What is asked, without what was said before. */
export type Ask = Omit<AskRequest, "messages">;
type Asking = (id: HookId, request: AskRequest, signal: AbortSignal) => AsyncIterable<AssistantEvent>;

export class Chat {
  private exchanges: readonly Exchange[] = [];
  private readonly listeners = new Set<() => void>();
  private asking: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = 0;

  constructor(
    readonly id: HookId,
    private readonly send: Asking = askAssistant,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): readonly Exchange[] => this.exchanges;

  get isBusy(): boolean {
    return isUnderWay(this.exchanges.at(-1));
  }

  /** Asks; fulfilled once the answer has ended. While another is under way nothing is asked. */
  async ask(question: Question, request: Ask): Promise<void> {
    if (this.isBusy) return;
    const messages = messagesOf(this.exchanges, question.text);
    this.last += 1;
    const number = this.last;
    const asking = new AbortController();
    this.asking = asking;
    this.become([...this.exchanges, begin(number, question)]);
    try {
      await this.untilAnswered(number, { ...request, messages }, asking.signal);
    } catch (thrown) {
      this.change(number, (exchange) => (asking.signal.aborted ? stop(exchange) : fail(exchange, asApiError(thrown))));
    } finally {
      // What was used today has changed.
      void cache.invalidateQueries({ queryKey: assistantSettings(this.id.project).queryKey });
    }
  }

  /** A server that is busy has not begun: it is asked again, a few times. */
  private async untilAnswered(number: number, request: AskRequest, signal: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        for await (const event of this.send(this.id, request, signal)) {
          this.change(number, (exchange) => follow(exchange, event), event.type !== "text");
        }
        this.change(number, cutOff);
        return;
      } catch (thrown) {
        if (!isBusy(thrown) || tries === MOST_TRIES) throw thrown;
        this.change(number, waiting);
        await pause(Math.min(thrown.retryAfterSeconds ?? BUSY_SECONDS, MOST_SECONDS) * 1000, signal);
      }
    }
  }

  /** Ends the answer that is under way; what has come stays. */
  stop(): void {
    this.asking?.abort();
    const last = this.exchanges.at(-1);
    if (last) this.change(last.id, stop);
  }

  clear(): void {
    this.stop();
    this.become([]);
  }

  applied(exchange: number, revision: number): void {
    this.change(exchange, (one) => applied(one, revision));
  }

  private change(id: number, change: (exchange: Exchange) => Exchange, isDrawn = true): void {
    this.exchanges = this.exchanges.map((one) => (one.id === id ? change(one) : one));
    if (isDrawn) this.draw();
    else this.timer ??= setTimeout(() => this.draw(), DRAWN_EVERY_MS);
  }

  private become(exchanges: readonly Exchange[]): void {
    this.exchanges = exchanges;
    this.draw();
  }

  private draw(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const listener of this.listeners) listener();
  }
}

function isBusy(thrown: unknown): thrown is ApiError {
  return thrown instanceof ApiError && thrown.code === "busy";
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      fail(signal.reason);
    });
  });
}
