// The most that one invocation of a hook may use in this environment.

import { useQuery } from "@tanstack/react-query";
import { serverMeta } from "../../api/queries/meta.ts";
import { limitSettings, putLimitSettings, type LimitSettings as Stored } from "../../api/queries/settings.ts";
import { NumberField } from "../../parts/field.tsx";
import { FieldGroup, type FormState } from "../../parts/form.tsx";
import { duration, number } from "../../parts/format.ts";
import { Lead } from "../../parts/lead.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { EnvironmentSettingsTabs } from "../../parts/settings_tabs.tsx";
import { AmountGrid } from "./parts/amount_grid.tsx";
import { sizeInWords } from "./parts/amounts.ts";
import { LIMIT_NAMES, LIMITS, type Limit } from "./parts/limit_list.ts";
import { SettingForm } from "./parts/setting_form.tsx";

type LimitForm = { [K in keyof Required<Stored>]: number | null };

export function LimitSettings() {
  const place = usePlace();
  const query = useQuery({ ...limitSettings(place), select: fromStored });
  return (
    <Page title="Invocation limits" tabs={<EnvironmentSettingsTabs />}>
      <Lead>
        The most that one invocation of a hook may use, from the next one on. A hook can ask for less in its own
        configuration. An empty field has the server's default.
      </Lead>
      <SettingForm
        query={query}
        what="the limits"
        names={LIMIT_NAMES}
        save={(value) => putLimitSettings(place, toRequest(value))}
      >
        {(form) =>
          LIMITS.map((group) => (
            <FieldGroup key={group.title} title={group.title}>
              <AmountGrid>
                {group.limits.map((limit) => (
                  <LimitField key={limit.name} limit={limit} form={form} />
                ))}
              </AmountGrid>
            </FieldGroup>
          ))
        }
      </SettingForm>
    </Page>
  );
}

function LimitField({ limit, form }: { limit: Limit; form: FormState<LimitForm> }) {
  const { data: meta } = useQuery(serverMeta);
  const most = meta?.limits.invocation[limit.name];
  const value = form.value[limit.name];
  const words = value === null || limit.kind === "count" ? "" : inWords(limit, value);
  return (
    <NumberField
      name={limit.name}
      label={limit.title}
      unit={limit.unit}
      placeholder="default"
      min={0}
      {...(most === undefined ? {} : { max: most })}
      hint={[words && `${words}.`, limit.hint, most !== undefined && `At most ${inWords(limit, most)}.`]
        .filter(Boolean)
        .join(" ")}
      value={value}
      onChange={(next) => form.set(limit.name, next)}
    />
  );
}

function inWords({ kind }: Limit, value: number): string {
  if (kind === "bytes") return sizeInWords(value);
  return kind === "milliseconds" ? duration(value * 1000) : number(value);
}

/** What is not set is `null`: a form has a field for each. */
function fromStored(stored: Stored): LimitForm {
  const names = LIMITS.flatMap((group) => group.limits.map((limit) => limit.name));
  return Object.fromEntries(names.map((name) => [name, stored[name] ?? null])) as LimitForm;
}

function toRequest(form: LimitForm): Stored {
  return Object.fromEntries(Object.entries(form).filter(([, value]) => value !== null));
}
