// Which hosts hooks of the environment may send requests to.
import { useQuery } from "@tanstack/react-query";
import { httpSettings, putHttpSettings } from "../../api/queries/settings.ts";
import { Lead } from "../../parts/lead.tsx";
import { LinesField } from "../../parts/lines_field.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { EnvironmentSettingsTabs } from "../../parts/settings_tabs.tsx";
import { DeclaredHosts } from "./parts/declared_hosts.tsx";
import { SettingForm } from "./parts/setting_form.tsx";

const NAMES = { hosts: "Allowed hosts" };

export function HttpSettings() {
  const place = usePlace();
  const query = useQuery(httpSettings(place));
  return (
    <Page title="HTTP settings" tabs={<EnvironmentSettingsTabs />}>
      <Lead>
        A hook reaches a host only if it declares it and this list allows it. While the list is empty, declarations
        alone decide.
      </Lead>
      <SettingForm
        query={query}
        what="the HTTP settings"
        names={NAMES}
        save={({ hosts }) => putHttpSettings(place, hosts)}
      >
        {({ value, set }) => (
          <>
            <LinesField
              name="hosts"
              label={NAMES.hosts}
              placeholder="api.example.com"
              hint="One on a line, at most 200; *.example.org stands for every subdomain."
              value={value.hosts}
              onChange={(hosts) => set("hosts", hosts)}
            />
            <DeclaredHosts allowed={value.hosts} />
          </>
        )}
      </SettingForm>
    </Page>
  );
}
