// The source of a hook that does nothing yet: right types, and a line that says what can be returned. And what a new one is
// called before somebody gives it a better name.

/** `beforeSignup` is `before-signup`, `auth.mfa.enrolled` is `on-mfa-enrolled`, `queue.greet` is `on-greet`. */
export function nameFor(place: string): string {
  if (isPoint(place)) return place.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const words = place.replace(/^(auth|queue|cron)\./, "");
  return `on-${words.replaceAll(/[^A-Za-z0-9]+/g, "-")}`;
}

export function isPoint(place: string): boolean {
  return /^(before|after)[A-Z]/.test(place);
}

export function blankSource(place: string): string {
  if (!isPoint(place)) return handler(place);
  const type = place.charAt(0).toUpperCase() + place.slice(1);
  const about = place.startsWith("before")
    ? "Runs before the change is stored. Return nothing to allow it, `{ deny }` to refuse it, `{ patch }` to change it."
    : "Runs after the change was stored; it cannot refuse the request any more.";
  return `import type { ${type} } from "@aerocall/hooks";

/** ${about} */
export const ${place}: ${type} = async (context, payload, { log }) => {
  log.info("${place}", context.request.path);
};
`;
}

function handler(place: string): string {
  const isSchedule = place.startsWith("cron.");
  const name = place.slice("cron.".length);
  const config = isSchedule
    ? `import { defineConfig, type EventHandlers } from "@aerocall/hooks";

/** Minute, hour, day of the month, month, day of the week; in UTC. */
export const config = defineConfig({ schedules: { "${name}": "0 3 * * *" } });
`
    : `import type { EventHandlers } from "@aerocall/hooks";
`;
  return `${config}
/** Runs in the background, as a job of its own. A failure is tried again. */
export const on: EventHandlers = {
  "${place}": async (context, event, { log }) => {
    log.info("${place}", event.id);
  },
};
`;
}
