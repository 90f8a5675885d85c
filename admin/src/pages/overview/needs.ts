// What of an environment needs somebody: computed from what the server says of hooks, queues, webhooks and invocations.
import { linkOptions } from "@tanstack/react-router";
import type {
  BackgroundFailures,
  Invocation,
  LiveHooks,
  QueueCounts,
  WebhookEndpoint,
} from "../../../../docs/openapi.d.ts";
import type { Place } from "../../api/client.ts";
import { plural } from "../../parts/format.ts";
import type { Target } from "../../parts/link.tsx";

export type Need = {
  id: string;
  tone: "fail" | "deny";
  /** What is the matter, in one sentence. */
  sentence: string;
  detail?: string;
  since?: string | null;
  target: Target;
};

export type Known = {
  live: LiveHooks;
  background: BackgroundFailures;
  invocations: readonly Invocation[];
};

/** The most urgent first: what fails, then what waits. */
export function needsOf(place: Place, known: Known): Need[] {
  const needs = [
    ...hookNeeds(place, known.live),
    ...failures(place, known),
    ...webhookNeeds(place, known.background.webhooks),
    ...queueNeeds(place, known.background.queues),
  ];
  return needs.sort((a, b) => Number(a.tone === "deny") - Number(b.tone === "deny"));
}

function hookNeeds(place: Place, live: LiveHooks): Need[] {
  return live.hooks.flatMap((hook): Need[] => {
    const target = linkOptions({
      to: "/p/$project/$environment/hooks/$hook/settings",
      params: { ...place, hook: hook.name },
    });
    if (hook.problem)
      return [
        {
          id: `problem ${hook.name}`,
          tone: "fail",
          sentence: `${hook.name} cannot be run.`,
          detail: hook.problem,
          target,
        },
      ];
    if (hook.breaker === "open" || hook.breaker === "half-open") {
      const sentence = `${hook.name} failed too often and is paused; the server tries it again by itself.`;
      return [{ id: `breaker ${hook.name}`, tone: "fail", sentence, target }];
    }
    if (hook.notRun.length === 0) return [];
    const sentence = `${hook.name} is live, but some of what it exports is not run: ${hook.notRun.join(", ")}.`;
    return [{ id: `notrun ${hook.name}`, tone: "deny", sentence, target }];
  });
}

/** Failures among the last invocations, by hook: a denial is a decision and needs nobody. */
function failures(place: Place, { invocations }: Known): Need[] {
  const byHook = new Map<string, Invocation[]>();
  for (const one of invocations) {
    if (isFailure(one.outcome)) byHook.set(one.hook, [...(byHook.get(one.hook) ?? []), one]);
  }
  return [...byHook].map(([hook, failed]) => {
    const [newest] = failed;
    const total = invocations.filter((one) => one.hook === hook).length;
    return {
      id: `failed ${hook}`,
      tone: "fail" as const,
      sentence:
        total === 1
          ? `${hook} failed in its last invocation.`
          : `${hook} failed in ${failed.length} of its last ${plural(total, "invocation")}.`,
      ...(newest?.error ? { detail: whereOf(newest.error) } : {}),
      since: newest?.createdAt ?? null,
      target: linkOptions({
        to: "/p/$project/$environment/calls/$invocation",
        params: { ...place, invocation: newest?.id ?? "" },
      }),
    };
  });
}

function whereOf(error: NonNullable<Invocation["error"]>): string {
  const place = error.file ? ` (${error.file}${error.line ? `:${error.line}` : ""})` : "";
  return `${error.name}: ${error.message}${place}`;
}

function webhookNeeds(place: Place, webhooks: readonly WebhookEndpoint[]): Need[] {
  return webhooks.map((webhook): Need => {
    const target = linkOptions({
      to: "/p/$project/$environment/webhooks/$webhook",
      params: { ...place, webhook: webhook.id },
    });
    const name = webhook.description || webhook.url;
    const common = { id: webhook.id, tone: "fail" as const, target };
    if (webhook.state === "enabled")
      return { ...common, sentence: `Deliveries to the webhook ${name} fail.`, since: webhook.failingSince };
    const why =
      webhook.disabledBy === "gone" ? "its receiver said that it is gone" : "its deliveries failed for too long";
    return { ...common, sentence: `The webhook ${name} was disabled, because ${why}.`, since: webhook.updatedAt };
  });
}

function queueNeeds(place: Place, queues: readonly QueueCounts[]): Need[] {
  return queues.map((queue) => ({
    id: `queue ${queue.name}`,
    tone: "fail" as const,
    sentence: `${plural(queue.dead, "job")} of the queue ${queue.name} ${queue.dead === 1 ? "is" : "are"} dead: no attempt is left.`,
    target: linkOptions({
      to: "/p/$project/$environment/queues/$queue",
      params: { ...place, queue: queue.name },
      search: { state: "dead" },
    }),
  }));
}

/** Whether a hook ended without a decision. */
export function isFailure(outcome: Invocation["outcome"]): boolean {
  return outcome.startsWith("hook_");
}
