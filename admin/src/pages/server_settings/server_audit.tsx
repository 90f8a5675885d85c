// The audit log of the whole server: all projects, and what was done to the server itself.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { serverAudit } from "../../api/queries/audit.ts";
import { Lead } from "../../parts/lead.tsx";
import { OnlyFor } from "../../parts/only_for.tsx";
import { Page } from "../../parts/page.tsx";
import { ServerSettingsTabs } from "../../parts/settings_tabs.tsx";
import { AuditLog, filterOf } from "../audit/parts/audit_log.tsx";

const route = getRouteApi("/frame/settings/audit");

export function ServerAudit() {
  return (
    <OnlyFor permission="server:manage" title="Audit log of the server" tabs={<ServerSettingsTabs />}>
      <Log />
    </OnlyFor>
  );
}

function Log() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery({ ...serverAudit(filterOf(search), search.before), placeholderData: keepPreviousData });
  return (
    <Page title="Audit log of the server" tabs={<ServerSettingsTabs />}>
      <Lead>What was done to the server and in all its projects. Entries are never changed.</Lead>
      <AuditLog
        query={query}
        search={search}
        isOfServer
        go={(change, replace) => void navigate({ search: (now) => ({ ...now, ...change }) as typeof now, replace })}
      />
    </Page>
  );
}
