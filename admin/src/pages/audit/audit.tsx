// The audit log of an environment: who did what, to what, from what to what.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { audit } from "../../api/queries/audit.ts";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { AuditLog, filterOf } from "./parts/audit_log.tsx";

const route = getRouteApi("/frame/p/$project/$environment/audit");

export function Audit() {
  const place = usePlace();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery({
    ...audit(place, filterOf(search), search.before),
    placeholderData: keepPreviousData,
  });
  return (
    <Page
      title="Audit log"
      lead="What admins changed in this environment, and what happened to accounts of its users. Entries are never changed."
    >
      <AuditLog
        query={query}
        search={search}
        go={(change, replace) => void navigate({ search: (now) => ({ ...now, ...change }) as typeof now, replace })}
      />
    </Page>
  );
}
