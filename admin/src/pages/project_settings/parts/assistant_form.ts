// Settings of the assistant as the form has them.
import type {
  AssistantChange,
  AssistantProvider,
  AssistantSettings,
  SummarySource,
} from "../../../api/queries/assistant.ts";

export type AssistantForm = {
  provider: AssistantProvider;
  baseUrl: string;
  model: string;
  /** As it is typed: the stored one is never shown. */
  key: string;
  removesKey: boolean;
  summaries: SummarySource;
  requestSeconds: number | null;
  outputTokens: number | null;
  rounds: number | null;
  tokensPerDay: number | null;
  inputPerMillion: number | null;
  outputPerMillion: number | null;
  currency: string;
};

export const PROVIDER_NAMES: Readonly<Record<AssistantProvider, string>> = {
  openai: "OpenAI chat completions",
  anthropic: "Anthropic messages",
};

export const ASSISTANT_NAMES: { readonly [K in keyof AssistantForm]: string } = {
  provider: "Protocol",
  baseUrl: "Base URL",
  model: "Model",
  key: "Key",
  removesKey: "Remove the stored key",
  summaries: "Summaries of hooks",
  requestSeconds: "Longest request",
  outputTokens: "Longest answer",
  rounds: "Rounds",
  tokensPerDay: "Tokens per day",
  inputPerMillion: "Price of a million tokens sent",
  outputPerMillion: "Price of a million tokens answered",
  currency: "Currency",
};

export function fromAssistant(stored: AssistantSettings): AssistantForm {
  return {
    provider: stored.provider ?? "openai",
    baseUrl: stored.baseUrl ?? "",
    model: stored.model ?? "",
    key: "",
    removesKey: false,
    summaries: stored.summaries,
    ...stored.limits,
    ...stored.prices,
  };
}

/** What is empty is left out, and has its default. The stored key stays unless another was typed or it is to go. */
export function toAssistantChange(form: AssistantForm): AssistantChange {
  const { requestSeconds, outputTokens, rounds, tokensPerDay, inputPerMillion, outputPerMillion } = form;
  const limits = Object.entries({ requestSeconds, outputTokens, rounds, tokensPerDay });
  const key = form.key.trim();
  const baseUrl = form.baseUrl.trim();
  return {
    enabled: true,
    provider: form.provider,
    ...(baseUrl === "" ? {} : { baseUrl }),
    model: form.model.trim(),
    ...(key !== "" ? { key } : form.removesKey ? { key: null } : {}),
    summaries: form.summaries,
    limits: Object.fromEntries(limits.filter(([, value]) => value !== null)),
    prices: { inputPerMillion, outputPerMillion, currency: form.currency.trim() || "USD" },
  };
}
