// The assistant: its settings in a project, what is asked of it, and what it proposes. Nothing that it answers is stored anywhere but by
// `applyProposal`, which a person sends.
import { queryOptions } from "@tanstack/react-query";
import type {
  AssistantProvider,
  AssistantSettings,
  AssistantTest,
  Draft,
  HiddenCharacters,
  PostAdminApiV1ProjectsProjectHooksHookAssistantRequest,
  Proposal,
  ProposalRound,
  PutAdminApiV1ProjectsProjectSettingsAssistantRequest,
} from "../../../../docs/openapi.d.ts";
import { answer, api, cache, ok, PROJECT } from "../client.ts";
import { ApiError } from "../errors.ts";
import { eventsOf } from "../event_stream.ts";
import type { HookId } from "./drafts.ts";

export type {
  AssistantProvider,
  AssistantSettings,
  CapabilityChange,
  HiddenCharacters,
  Proposal,
  ProposalRound,
  ProposedCase,
  SummarySource,
} from "../../../../docs/openapi.d.ts";

const at = (project: string) => ({ path: { project } });

export const assistantSettings = (project: string) =>
  queryOptions({
    queryKey: [project, "settings", "assistant"],
    queryFn: ({ signal }): Promise<AssistantSettings> =>
      ok(api.GET(`${PROJECT}/settings/assistant`, { params: at(project), signal })),
  });

/** What is replaced. Without `key` the stored one stays; `null` removes it. `enabled: false` turns off what the server would offer. */
export type AssistantChange = PutAdminApiV1ProjectsProjectSettingsAssistantRequest;

export async function putAssistantSettings(project: string, body: AssistantChange): Promise<AssistantSettings> {
  return keep(project, await ok(api.PUT(`${PROJECT}/settings/assistant`, { params: at(project), body })));
}

/** The project has no settings of its own any more: those of the server hold. */
export async function deleteAssistantSettings(project: string): Promise<void> {
  keep(project, await ok(api.DELETE(`${PROJECT}/settings/assistant`, { params: at(project) })));
}

/** One short request to the model, with the settings as they are stored. */
export function testAssistant(project: string): Promise<AssistantTest> {
  return ok(api.POST(`${PROJECT}/settings/assistant/test`, { params: at(project) }));
}

function keep(project: string, stored: AssistantSettings): AssistantSettings {
  cache.setQueryData(assistantSettings(project).queryKey, stored);
  return stored;
}

export type AskRequest = PostAdminApiV1ProjectsProjectHooksHookAssistantRequest;
export type AssistantTask = AskRequest["task"];
/** Lines of a file of the hook. */
export type Selection = NonNullable<AskRequest["selection"]>;
export type Message = AskRequest["messages"][number];

// What the events of a stream have: the API document has no shapes for them.

/** What is sent to the model, by part. */
export type AssistantStarted = {
  id: string;
  provider: AssistantProvider;
  model: string;
  parts: { name: string; characters: number }[];
  hidden: HiddenCharacters[];
};

/** What a question used, all its rounds together. */
export type AssistantUsage = { inputTokens: number; outputTokens: number; cost: number | null; tokensLeft: number };

type AssistantRound = { number: number; of: number };
type AssistantText = { round: number; delta: string };
type AssistantDone = { result: "proposal" | "text" | "cases"; usage: AssistantUsage };
type AssistantFailed = { code: string; message: string; usage: AssistantUsage };

export type AssistantEvent =
  | { type: "started"; data: AssistantStarted }
  | { type: "round"; data: AssistantRound }
  | { type: "text"; data: AssistantText }
  | { type: "verified"; data: ProposalRound }
  | { type: "proposal"; data: Proposal }
  | { type: "done"; data: AssistantDone }
  | { type: "failed"; data: AssistantFailed };

const TYPES: ReadonlySet<string> = new Set<AssistantEvent["type"]>([
  "started",
  "round",
  "text",
  "verified",
  "proposal",
  "done",
  "failed",
]);

/** Asks, and gives what comes as it comes. The last event is `done` or `failed`. */
export async function* askAssistant(id: HookId, body: AskRequest, signal: AbortSignal): AsyncGenerator<AssistantEvent> {
  const call = api.POST(`${PROJECT}/hooks/{hook}/assistant`, {
    params: { path: id },
    body,
    parseAs: "stream",
    signal,
  });
  const { data } = await answer(call);
  if (!data) return;
  for await (const { type, data: text } of eventsOf(data)) {
    if (TYPES.has(type)) yield { type, data: JSON.parse(text) } as AssistantEvent;
  }
}

/** What has to be said to apply a proposal that is more than a change of code that passes. */
export type Accepted = { acceptUnverified: boolean; acceptCapabilities: string[] };

/** Writes the files of a proposal into the draft, if that has this revision and the proposal began from it; otherwise `draft_conflict`. */
export function applyProposal(id: HookId, proposal: string, revision: number, accepted: Accepted): Promise<Draft> {
  const params = { path: { ...id, proposal }, header: { "If-Match": `"${revision}"` } };
  return ok(api.POST(`${PROJECT}/hooks/{hook}/proposals/{proposal}/apply`, { params, body: accepted }));
}

/** The refusal that a stream ended with. */
export function failureOf({ code, message }: AssistantFailed): ApiError {
  return new ApiError({ code, message, status: 200 });
}
