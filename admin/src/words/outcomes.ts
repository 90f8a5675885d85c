// The words, the shape and the colour of every outcome and state, in one place: pages never choose a colour themselves.
import type { Tone } from "../parts/tag.tsx";

/** ● allowed, ◐ changed, ■ refused, ▲ failed, ? not known, ○ not on. */
export type Shape = "disc" | "half" | "square" | "triangle" | "question" | "ring";
export type Look = { word: string; tone: Tone; shape: Shape };

const allow = (word: string): Look => ({ word, tone: "allow", shape: "disc" });
const patch = (word: string): Look => ({ word, tone: "patch", shape: "half" });
const deny = (word: string): Look => ({ word, tone: "deny", shape: "square" });
const fail = (word: string): Look => ({ word, tone: "fail", shape: "triangle" });
const unknown = (word: string): Look => ({ word, tone: "unknown", shape: "question" });
const off = (word: string): Look => ({ word, tone: "unknown", shape: "ring" });

/** What an invocation ended with. A denial is a decision of the hook, not an error. */
export const outcomes: Record<string, Look> = {
  allow: allow("allowed"),
  patch: patch("patched"),
  deny: deny("denied"),
  hook_failed: fail("failed"),
  hook_unavailable: fail("unavailable"),
  hook_bad_reply: fail("bad reply"),
  hook_out_of_fuel: fail("out of fuel"),
  hook_out_of_memory: fail("out of memory"),
  hook_timeout: fail("timed out"),
};

/** States of everything else that has one. */
export const states: Record<string, Look> = {
  enabled: allow("enabled"),
  disabled: off("disabled"),
  none: off("none"),
  live: allow("live"),
  ready: allow("ready"),
  not_ready: fail("not ready"),
  stopping: unknown("stopping"),
  closed: allow("working"),
  open: fail("paused after failures"),
  "half-open": deny("being tried again"),
  off: off("not watched"),
  waiting: off("waiting"),
  running: patch("running"),
  done: allow("done"),
  dead: fail("dead"),
  delivered: allow("delivered"),
  failed: fail("failed"),
  canceled: off("canceled"),
  sent: allow("sent"),
  captured: patch("kept, not sent"),
  passed: allow("passed"),
  warning: deny("warning"),
  not_checked: unknown("not checked"),
  checked: allow("checked"),
  stopped: off("stopped"),
  pending: off("pending"),
  verified: allow("verified"),
  signing: allow("signing"),
  verifying: patch("verifying"),
  retired: off("retired"),
  next: off("next"),
  whole: allow("whole"),
  cut: deny("cut"),
  identical: allow("identical"),
  same_decision: allow("same decision"),
  changed: deny("decision changed"),
  diverged: deny("diverged"),
  unknown: unknown("unknown"),
  same: allow("same"),
  now_denied: deny("now denied"),
  now_allowed: deny("now let in"),
  new_failure: fail("new failure"),
  other: patch("changed otherwise"),
  failing: fail("failing"),
  draft: patch("draft"),
  shadow: patch("shadow"),
  canary: deny("canary"),
};

/** The look of an outcome; a code that this version does not know is shown as it is. */
export function lookOf(outcome: string | null | undefined): Look {
  if (!outcome) return unknown("not known");
  return outcomes[outcome] ?? (outcome.startsWith("hook_") ? fail(outcome) : deny(outcome));
}

export function lookOfState(state: string | null | undefined): Look {
  if (!state) return unknown("not known");
  return states[state] ?? unknown(state.replaceAll("_", " "));
}
