// What a deployment to the environment needs, besides what every deployment needs.
import { useQuery } from "@tanstack/react-query";
import { gateSettings, putGateSettings, type GateSettings as Stored } from "../../api/queries/settings.ts";
import { NumberField } from "../../parts/field.tsx";
import { Lead } from "../../parts/lead.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { EnvironmentSettingsTabs } from "../../parts/settings_tabs.tsx";
import { SettingForm } from "./parts/setting_form.tsx";

const NAMES = { calls: "Recorded invocations", mostChangedPercent: "Changed decisions, at most" };

/** Without a number of invocations, no backtest is needed. */
type GateForm = { calls: number | null; mostChangedPercent: number | null };

export function GateSettings() {
  const place = usePlace();
  const query = useQuery({ ...gateSettings(place), select: fromStored });
  return (
    <Page title="Deployments" tabs={<EnvironmentSettingsTabs />}>
      <Lead>
        A version that takes the place of another one can need a backtest: recorded invocations of the hook, run again
        with exactly this version. Without it, a deployment, a canary and a promotion are refused, unless they are
        forced with a reason. A hook that has no recorded invocations needs none.
      </Lead>
      <SettingForm
        query={query}
        what="what a deployment needs"
        names={NAMES}
        save={(value) => putGateSettings(place, toRequest(value))}
      >
        {({ value, set }) => (
          <>
            <NumberField
              name="backtest.calls"
              label={NAMES.calls}
              min={1}
              max={1000}
              placeholder="no backtest"
              hint="The newest ones, at most 1,000; if fewer are recorded, all of them. Empty: no backtest is needed."
              value={value.calls}
              onChange={(calls) => set("calls", calls)}
            />
            <NumberField
              name="backtest.mostChangedPercent"
              label={NAMES.mostChangedPercent}
              unit="%"
              min={0}
              max={100}
              placeholder="0"
              hint="Of the invocations that were compared: decided otherwise than they were, or failed."
              value={value.mostChangedPercent}
              onChange={(percent) => set("mostChangedPercent", percent)}
            />
          </>
        )}
      </SettingForm>
    </Page>
  );
}

function fromStored({ backtest }: Stored): GateForm {
  return { calls: backtest?.calls ?? null, mostChangedPercent: backtest?.mostChangedPercent ?? null };
}

function toRequest({ calls, mostChangedPercent }: GateForm): Stored {
  return { backtest: calls === null ? null : { calls, mostChangedPercent: mostChangedPercent ?? 0 } };
}
