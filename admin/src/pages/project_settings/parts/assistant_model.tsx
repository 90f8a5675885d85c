// Which model answers in this project, with which key, within which limits, and what it costs.
import { useQuery } from "@tanstack/react-query";
import { ApiError } from "../../../api/errors.ts";
import { assistantSettings, putAssistantSettings } from "../../../api/queries/assistant.ts";
import { Checkbox, NumberField, SelectField, TextField } from "../../../parts/field.tsx";
import { FieldGroup, type FormState } from "../../../parts/form.tsx";
import { Section } from "../../../parts/page.tsx";
import { AmountGrid } from "../../settings/parts/amount_grid.tsx";
import { SettingForm } from "../../settings/parts/setting_form.tsx";
import {
  type AssistantForm,
  fromAssistant,
  ASSISTANT_NAMES as NAMES,
  PROVIDER_NAMES,
  priceProblem,
  toAssistantChange,
} from "./assistant_form.ts";

type Props = { project: string /** The project has none of its own yet. */; isNew: boolean };

export function AssistantModel({ project, isNew }: Props) {
  const stored = useQuery(assistantSettings(project));
  const query = useQuery({ ...assistantSettings(project), select: fromAssistant });
  return (
    <Section title={isNew ? "A model for this project" : "The model of this project"}>
      <SettingForm
        query={query}
        what="the settings of the assistant"
        names={NAMES}
        secret="key"
        permission="project:manage"
        save={(value) => save(project, value)}
      >
        {(form) => (
          <>
            <Model form={form} hasKey={!isNew && (stored.data?.hasKey ?? false)} />
            <Limits form={form} />
            <Prices form={form} />
          </>
        )}
      </SettingForm>
    </Section>
  );
}

async function save(project: string, form: AssistantForm): Promise<void> {
  const problem = priceProblem(form.inputPerMillion) ?? priceProblem(form.outputPerMillion);
  if (problem) throw new ApiError({ code: "page_error", status: 0, message: `A price: ${problem}.` });
  await putAssistantSettings(project, toAssistantChange(form));
}

const PROVIDERS = [
  { value: "openai", title: PROVIDER_NAMES.openai, hint: "Also llama.cpp, Ollama, vLLM and most others." },
  { value: "anthropic", title: PROVIDER_NAMES.anthropic },
];

const SUMMARIES = [
  { value: "code", title: "From the code", hint: "The server derives them; nothing is sent." },
  { value: "model", title: "By the model", hint: "From the code until the model has written one." },
];

function Model({ form, hasKey }: { form: FormState<AssistantForm>; hasKey: boolean }) {
  const { value, set } = form;
  return (
    <>
      <SelectField
        name="provider"
        label={NAMES.provider}
        options={PROVIDERS}
        value={value.provider}
        onChange={(provider) => set("provider", provider === "anthropic" ? "anthropic" : "openai")}
      />
      <TextField
        name="baseUrl"
        label={NAMES.baseUrl}
        type="url"
        mono
        value={value.baseUrl}
        onChange={(baseUrl) => set("baseUrl", baseUrl)}
        placeholder={value.provider === "anthropic" ? "https://api.anthropic.com" : "http://127.0.0.1:11434/v1"}
        hint="Empty: the provider’s own. An address on the server’s machine or in a private network has to be allowed by the operator: assistant.allow_private."
      />
      <TextField
        name="model"
        label={NAMES.model}
        mono
        value={value.model}
        onChange={(model) => set("model", model)}
        isRequired
        placeholder="qwen3-coder"
      />
      <TextField
        name="key"
        label={NAMES.key}
        type="password"
        autoComplete="off"
        value={value.key}
        onChange={(key) => set("key", key)}
        placeholder={hasKey ? "A key is stored" : ""}
        hint={
          hasKey
            ? "A key is stored encrypted and never shown. Typing another replaces it."
            : "Stored encrypted and never shown. Empty if the model’s server needs none."
        }
      />
      {hasKey && (
        <Checkbox
          name="removesKey"
          label={NAMES.removesKey}
          isSelected={value.removesKey}
          onChange={(removes) => set("removesKey", removes)}
        />
      )}
      <SelectField
        name="summaries"
        label={NAMES.summaries}
        options={SUMMARIES}
        value={value.summaries}
        onChange={(summaries) => set("summaries", summaries === "model" ? "model" : "code")}
      />
    </>
  );
}

function Limits({ form: { value, set } }: { form: FormState<AssistantForm> }) {
  return (
    <FieldGroup title="Limits" lead="Of this project. The server can have lower ones, which hold as well.">
      <AmountGrid>
        <NumberField
          name="limits.requestSeconds"
          label={NAMES.requestSeconds}
          unit="seconds"
          min={1}
          max={600}
          value={value.requestSeconds}
          onChange={(next) => set("requestSeconds", next)}
        />
        <NumberField
          name="limits.outputTokens"
          label={NAMES.outputTokens}
          unit="tokens"
          min={64}
          max={65_536}
          value={value.outputTokens}
          onChange={(next) => set("outputTokens", next)}
        />
        <NumberField
          name="limits.rounds"
          label={NAMES.rounds}
          min={1}
          max={5}
          hint="How often the model is asked at most until what it wrote is verified."
          value={value.rounds}
          onChange={(next) => set("rounds", next)}
        />
        <NumberField
          name="limits.tokensPerDay"
          label={NAMES.tokensPerDay}
          unit="tokens"
          min={0}
          max={1_000_000_000}
          hint="Sent and answered together; a day begins at midnight UTC."
          value={value.tokensPerDay}
          onChange={(next) => set("tokensPerDay", next)}
        />
      </AmountGrid>
    </FieldGroup>
  );
}

function Prices({ form: { value, set } }: { form: FormState<AssistantForm> }) {
  return (
    <FieldGroup title="Prices" lead="Only to show what was used as an amount of money. Empty: no amount is shown.">
      <AmountGrid>
        <TextField
          name="prices.inputPerMillion"
          label={NAMES.inputPerMillion}
          isNarrow
          inputMode="decimal"
          value={value.inputPerMillion}
          onChange={(next) => set("inputPerMillion", next)}
          problem={priceProblem(value.inputPerMillion)}
        />
        <TextField
          name="prices.outputPerMillion"
          label={NAMES.outputPerMillion}
          isNarrow
          inputMode="decimal"
          value={value.outputPerMillion}
          onChange={(next) => set("outputPerMillion", next)}
          problem={priceProblem(value.outputPerMillion)}
        />
        <TextField
          name="prices.currency"
          label={NAMES.currency}
          isNarrow
          maxLength={3}
          value={value.currency}
          onChange={(currency) => set("currency", currency.toUpperCase())}
        />
      </AmountGrid>
    </FieldGroup>
  );
}
