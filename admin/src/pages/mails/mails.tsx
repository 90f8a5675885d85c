// Mails of an environment: what waits, was sent, was kept or failed, with a panel for one of them.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type Mail, type MailFilter, mails } from "../../api/queries/mails.ts";
import { Time } from "../../parts/figures.tsx";
import { ButtonLink } from "../../parts/link.tsx";
import { List } from "../../parts/list.tsx";
import { Status } from "../../parts/outcome.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Empty } from "../../parts/states.tsx";
import type { Column } from "../../parts/table.tsx";
import { MailView } from "./parts/mail_view.tsx";
import { templateInWords } from "./parts/template_name.ts";

const route = getRouteApi("/frame/p/$project/$environment/mails");

export function Mails() {
  const place = usePlace();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery({ ...mails(place, filterOf(search), search.before), placeholderData: keepPreviousData });
  const templates = (
    <ButtonLink to="/p/$project/$environment/templates" params={place} icon="edit">
      Templates
    </ButtonLink>
  );
  return (
    <Page title="Mails" actions={templates}>
      <List
        what="mails"
        query={query}
        rowsOf={(page) => page.mails}
        columns={COLUMNS}
        filters={FILTERS}
        search={search}
        go={(change, replace) => void navigate({ search: (now) => ({ ...now, ...change }) as typeof now, replace })}
        empty={<Empty sentence="No mail is kept. Verifications, codes, links and what hooks send appear here." />}
        panel={{
          param: "mail",
          title: "Mail",
          page: (mail) => ({ to: "/p/$project/$environment/mails/$mail", params: { ...place, mail } }),
          show: (mail) => <MailView id={mail} />,
        }}
      />
    </Page>
  );
}

const FILTERS = [
  { name: "to", label: "Recipient", kind: "text", isMain: true, placeholder: "Email address of the recipient" },
  {
    name: "state",
    label: "State",
    kind: "choice",
    options: [
      { value: "waiting", title: "waiting" },
      { value: "sent", title: "sent" },
      { value: "captured", title: "kept, not sent" },
      { value: "failed", title: "failed" },
    ],
  },
  { name: "template", label: "Template", kind: "text", placeholder: "magic-link" },
] as const;

function filterOf({ state, to, template }: ReturnType<typeof route.useSearch>): MailFilter {
  return { ...(state ? { state } : {}), ...(to ? { to } : {}), ...(template ? { template } : {}) };
}

const COLUMNS: Column<Mail>[] = [
  { key: "subject", title: "Subject", width: "34%", phone: "main", cell: (mail) => mail.subject },
  { key: "to", title: "To", phone: "second", cell: (mail) => mail.to },
  { key: "template", title: "Made by", phone: "hidden", cell: (mail) => templateInWords(mail.template) },
  { key: "state", title: "State", width: "136px", phone: "side", cell: (mail) => <Status of={mail.state} /> },
  { key: "created", title: "Created", width: "120px", phone: "second", cell: (mail) => <Time at={mail.createdAt} /> },
];
