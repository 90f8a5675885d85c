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
  /** As they are typed; empty without a price. */
  inputPerMillion: string;
  outputPerMillion: string;
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
    inputPerMillion: typed(stored.prices.inputPerMillion),
    outputPerMillion: typed(stored.prices.outputPerMillion),
    currency: stored.prices.currency,
  };
}

const typed = (price: number | null) => (price === null ? "" : String(price));

/** A price as it is typed, with a comma or a point; `null` without one. */
export function priceOf(text: string): number | null {
  const said = text.trim().replace(",", ".");
  return said === "" ? null : Number(said);
}

/** What is wrong with a price. */
export function priceProblem(text: string): string | undefined {
  const price = priceOf(text);
  return price === null || price >= 0 ? undefined : "Must be a number from 0, such as 0.15";
}

/** What is empty is left out, and has its default. The stored key stays unless another was typed or it is to go. */
export function toAssistantChange(form: AssistantForm): AssistantChange {
  const { requestSeconds, outputTokens, rounds, tokensPerDay } = form;
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
    prices: {
      inputPerMillion: priceOf(form.inputPerMillion),
      outputPerMillion: priceOf(form.outputPerMillion),
      currency: form.currency.trim() || "USD",
    },
  };
}
