// What holds now: whose settings, which model, and what was used since midnight UTC.

import type { AssistantSettings } from "../../../api/queries/assistant.ts";
import { money } from "../../../assistant/words.ts";
import { FactGrid } from "../../../parts/fact_grid.tsx";
import { Num } from "../../../parts/figures.tsx";
import { Status } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { PROVIDER_NAMES } from "./assistant_form.ts";

export function AssistantState({ of }: { of: AssistantSettings }) {
  const { usage, limits } = of;
  const isOn = of.state === "on";
  return (
    <>
      <Section title="Now">
        <FactGrid
          facts={[
            { name: "State", value: <Status of={isOn ? "enabled" : "disabled"} word={isOn ? "on" : "off"} /> },
            { name: "Settings", value: whose(of) },
            of.model !== null && { name: "Model", value: <code>{of.model}</code> },
            of.baseUrl !== null && { name: "Server of the model", value: <code>{of.baseUrl}</code>, isWide: true },
            of.provider !== null && { name: "Protocol", value: PROVIDER_NAMES[of.provider] },
            isOn && { name: "Key", value: of.hasKey ? "stored, never shown" : "none" },
            isOn && { name: "Summaries of hooks", value: of.summaries === "model" ? "by the model" : "from the code" },
          ]}
        />
      </Section>
      {isOn && (
        <Section title="Used today" lead="Since midnight UTC, by everybody in this project.">
          <FactGrid
            facts={[
              { name: "Requests", value: <Num n={usage.requests} /> },
              { name: "Tokens sent", value: <Num n={usage.inputTokens} /> },
              { name: "Tokens answered", value: <Num n={usage.outputTokens} /> },
              {
                name: "Tokens left",
                value: (
                  <>
                    <Num n={usage.tokensLeft} /> of <Num n={limits.tokensPerDay} />
                  </>
                ),
              },
              {
                name: "Cost",
                value: usage.cost === null ? "no prices are set" : money(usage.cost, of.prices.currency),
              },
            ]}
          />
        </Section>
      )}
    </>
  );
}

function whose({ origin, state }: AssistantSettings): string {
  if (origin === "installation") return "those of the server";
  if (origin === "project") return state === "on" ? "those of this project" : "turned off in this project";
  return "nobody has made any";
}
