// What a test run is given: which hook point, which input, and what the world around it is like. Pure.
import type {
  HookEventDescription,
  HookPointDescription,
  HookPointList,
  InputSample,
  InvocationDetail,
  Manifest,
} from "../../../../../docs/openapi.d.ts";
import type { CaseDocument } from "../../../api/queries/cases.ts";
import type { RunRequest, Target } from "../../../api/queries/hook_tests.ts";

/** The input for one hook point, as it is typed. */
export type Given = {
  payload: string;
  context: string;
  given: string;
  faults: string;
  /** Where the payload came from: a sample, a case, an invocation, or somebody's own. */
  from: string;
};

export type Named = { name: string; input: unknown };

/** What is known of a hook point, event, queue or schedule. */
export type Point = { name: string; when: string; schema: unknown; samples: readonly Named[]; isEvent: boolean };

/** What a hook can be called for: what its manifest says, described. */
export function pointsOf(manifest: Pick<Manifest, "hooks" | "events"> | null, list: HookPointList): Point[] {
  const names = manifest ? [...manifest.hooks, ...manifest.events] : list.points.map((point) => point.name);
  return names.map((name) => {
    const point = list.points.find((one) => one.name === name);
    return point ? ofPoint(point) : ofEvent(name, list.events);
  });
}

function ofPoint(point: HookPointDescription): Point {
  const { name, when, payloadSchema, samples } = point;
  return { name, when, schema: payloadSchema, samples: samples.map(sample), isEvent: false };
}

/** Queues and schedules are described once each, with a name as an example. */
function ofEvent(name: string, events: readonly HookEventDescription[]): Point {
  const kind = /^(queue|cron)\./.exec(name)?.[0];
  const found = events.find((one) => one.name === name) ?? events.find((one) => kind && one.name.startsWith(kind));
  const samples = (found?.samples ?? []).map((one) => ({ name: one.name, input: renamed(one.input, name) }));
  return { name, when: found?.when ?? "", schema: found?.inputSchema ?? {}, samples, isEvent: true };
}

function renamed(input: unknown, type: string): unknown {
  return typeof input === "object" && input !== null && "type" in input ? { ...input, type } : input;
}

function sample({ name, input }: InputSample): Named {
  return { name, input };
}

/** The first sample; nothing where there is none. */
export function firstOf(point: Point): Given {
  const first = point.samples[0];
  return first ? ofSample(first) : { ...EMPTY, payload: "{}" };
}

export function ofSample(named: Named): Given {
  return { ...EMPTY, payload: pretty(named.input), from: named.name };
}

const EMPTY: Given = { payload: "", context: "", given: "", faults: "", from: "" };

export function ofCase(name: string, document: CaseDocument): Given {
  const { payload, context, given } = document;
  return {
    ...EMPTY,
    payload: pretty(payload ?? {}),
    context: context === undefined ? "" : pretty(context),
    given: given === undefined ? "" : pretty(given),
    from: `case ${name}`,
  };
}

export function ofInvocation(call: InvocationDetail): Given {
  return { ...EMPTY, payload: pretty(call.payload), context: pretty(contextOf(call)), from: `invocation ${call.id}` };
}

/** Of a recorded context what a run can be given: where it was is where it is run. */
function contextOf(call: InvocationDetail): unknown {
  const { projectId: _, environment: __, ...rest } = call.context as Record<string, unknown>;
  return rest;
}

export function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** A text that is no JSON, and where. */
export type JsonProblem = { message: string; line: number; column: number };

export function parse(text: string): { value: unknown } | { problem: JsonProblem } {
  try {
    return { value: JSON.parse(text) };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { problem: { message: words(message), ...placeOf(text, message) } };
  }
}

/** Browsers say the same in different words, and only some say where. */
function placeOf(text: string, message: string): { line: number; column: number } {
  const named = /line (\d+) column (\d+)/.exec(message);
  if (named) return { line: Number(named[1]), column: Number(named[2]) };
  const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

function words(message: string): string {
  return message
    .replace(/^JSON\.parse: /, "")
    .replace(/,? ?\.*"[\s\S]*" is not valid JSON$/, "")
    .replace(/ (in JSON )?at (position|line) .*$/, "");
}

/** The request of a run, or what is wrong with which field. */
export function requestOf(
  target: Target,
  point: string,
  typed: Given,
): { request: RunRequest } | { field: keyof Given; problem: JsonProblem } {
  const request: RunRequest = { target, point, payload: null };
  for (const field of ["payload", "context", "given"] as const) {
    if (typed[field].trim() === "") continue;
    const read = parse(typed[field]);
    if ("problem" in read) return { field, problem: read.problem };
    Object.assign(request, { [field]: read.value });
  }
  const faults = typed.faults.split(/[\n,]/).map((fault) => fault.trim());
  const named = faults.filter((fault) => fault !== "");
  return { request: named.length > 0 ? { ...request, faults: named } : request };
}

/** A case that expects what a run has answered: all of it, or the decision alone. */
export function caseOf(request: RunRequest, reply: unknown, expects: "reply" | "decision"): CaseDocument {
  const { point, payload, context, given } = request;
  const kind = typeof reply === "object" && reply !== null && "kind" in reply ? reply.kind : undefined;
  return {
    hook: point,
    payload,
    ...(context && { context }),
    ...(given && { given }),
    expect: expects === "reply" ? { reply } : { replyIncludes: { kind } },
  };
}
