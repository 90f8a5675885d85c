import { expect, it } from "vitest";
import type { AssistantSettings } from "../../../api/queries/assistant.ts";
import { fromAssistant, priceOf, priceProblem, toAssistantChange } from "./assistant_form.ts";

const STORED: AssistantSettings = {
  state: "on",
  origin: "project",
  provider: "anthropic",
  baseUrl: "https://api.example.com",
  model: "m",
  hasKey: true,
  summaries: "code",
  limits: { requestSeconds: 120, outputTokens: 8192, rounds: 3, tokensPerDay: 500_000 },
  prices: { inputPerMillion: 3, outputPerMillion: null, currency: "EUR" },
  usage: { day: "2026-11-30", requests: 0, inputTokens: 0, outputTokens: 0, cost: null, tokensLeft: 500_000 },
};

it("keeps the stored key unless another is typed or it is to go", () => {
  const form = fromAssistant(STORED);
  expect(form.key).toBe("");
  expect(toAssistantChange(form)).not.toHaveProperty("key");
  expect(toAssistantChange({ ...form, key: " new " }).key).toBe("new");
  expect(toAssistantChange({ ...form, removesKey: true }).key).toBeNull();
  expect(toAssistantChange({ ...form, removesKey: true, key: "new" }).key).toBe("new");
});

it("sends what it was given back, without spaces around it", () => {
  expect(toAssistantChange({ ...fromAssistant(STORED), baseUrl: " https://api.example.com " })).toEqual({
    enabled: true,
    provider: "anthropic",
    baseUrl: "https://api.example.com",
    model: "m",
    summaries: "code",
    limits: STORED.limits,
    prices: STORED.prices,
  });
});

it("leaves out a base URL that is empty: the provider has one", () => {
  expect(toAssistantChange({ ...fromAssistant(STORED), baseUrl: " " })).not.toHaveProperty("baseUrl");
});

it("takes prices with a point or a comma, and none if nothing is typed", () => {
  expect(["0.15", " 1,5 ", "", "0"].map(priceOf)).toEqual([0.15, 1.5, null, 0]);
  expect(["0.15", "", "0"].map(priceProblem)).toEqual([undefined, undefined, undefined]);
  expect(["-1", "free", "1.2.3"].every((text) => priceProblem(text) !== undefined)).toBe(true);
});

it("leaves out limits that are empty", () => {
  expect(toAssistantChange({ ...fromAssistant(STORED), rounds: null }).limits).not.toHaveProperty("rounds");
});

it("begins with the protocol that most servers speak, where nobody has set anything", () => {
  const off: AssistantSettings = { ...STORED, state: "off", origin: null, provider: null, baseUrl: null, model: null };
  expect(fromAssistant(off)).toMatchObject({ provider: "openai", baseUrl: "", model: "" });
});
