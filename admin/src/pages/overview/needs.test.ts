import { describe, expect, it } from "vitest";
import type { Invocation, LiveHooks, WebhookEndpoint } from "../../../../docs/openapi.d.ts";
import { needsOf } from "./needs.ts";
import { recentOf } from "./recent.ts";

const place = { project: "p", environment: "e" };
const nothing = {
  live: { number: 1, points: {}, hooks: [] } as LiveHooks,
  background: { queues: [], webhooks: [] },
  invocations: [],
};

function invocation(more: Partial<Invocation>): Invocation {
  return {
    id: "inv_1",
    hook: "gate",
    outcome: "allow",
    durationUs: 100,
    createdAt: "2026-03-01T12:00:00Z",
    ...more,
  } as Invocation;
}

describe("what needs somebody", () => {
  it("is a hook that failed, with the place in its code, and not one that denied", () => {
    const error = { name: "TypeError", message: "x is undefined", file: "hooks/gate.ts", line: 4 };
    const failed = invocation({ id: "inv_2", outcome: "hook_failed", error });
    const needs = needsOf(place, {
      ...nothing,
      invocations: [failed, invocation({}), invocation({ outcome: "deny" })],
    });
    expect(needs.map((need) => [need.sentence, need.detail])).toEqual([
      ["gate failed in 1 of its last 3 invocations.", "TypeError: x is undefined (hooks/gate.ts:4)"],
    ]);
  });

  it("is a webhook that the server disabled, and one that fails", () => {
    const webhook = (more: Partial<WebhookEndpoint>) =>
      ({ id: "whk_1", url: "https://a.example", description: "", ...more }) as WebhookEndpoint;
    const webhooks = [
      webhook({ state: "disabled", disabledBy: "gone" }),
      webhook({ id: "whk_2", state: "disabled", disabledBy: "failing" }),
      webhook({ id: "whk_3", description: "CRM", state: "enabled", failingSince: "2026-03-01T12:00:00Z" }),
    ];
    const needs = needsOf(place, { ...nothing, background: { queues: [], webhooks } });
    expect(needs.map((need) => need.sentence)).toEqual([
      "The webhook https://a.example was disabled, because its receiver said that it is gone.",
      "The webhook https://a.example was disabled, because its deliveries failed for too long.",
      "Deliveries to the webhook CRM fail.",
    ]);
  });

  it("is a queue with dead jobs", () => {
    const queue = { name: "mail", waiting: 3, running: 0, done: 1, dead: 2, oldestWaitingAt: null, consumer: null };
    const needs = needsOf(place, { ...nothing, background: { queues: [queue], webhooks: [] } });
    expect(needs.map((need) => need.sentence)).toEqual(["2 jobs of the queue mail are dead: no attempt is left."]);
  });
});

it("figures are of the invocations that there are", () => {
  const durations = Array.from({ length: 20 }, (_, at) =>
    invocation({ durationUs: (20 - at) * 100, outcome: at === 0 ? "deny" : "allow" }),
  );
  expect(recentOf(durations)).toMatchObject({ total: 20, denied: 1, failed: 0, p95Us: 1900 });
  expect(recentOf([])).toEqual({ total: 0, since: null, denied: 0, failed: 0, p95Us: null });
});
