// Mails of an environment: what waits, was sent, was kept or failed, with a panel for one of them.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type Mail, type MailFilter, mails } from "../../api/queries/mails.ts";
import { Time } from "../../parts/figures.tsx";
import { FilterBar } from "../../parts/filter_bar.tsx";
import { useKeyset } from "../../parts/keyset.ts";
import { ButtonLink } from "../../parts/link.tsx";
import { Status } from "../../parts/outcome.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { SidePanel } from "../../parts/side_panel.tsx";
import { Answer, Empty, NoMatch, Skeleton } from "../../parts/states.tsx";
import { type Column, Pager, Table } from "../../parts/table.tsx";
import { MailView } from "./parts/mail_view.tsx";
import { templateInWords } from "./parts/template_name.ts";

const route = getRouteApi("/frame/p/$project/$environment/mails");

export function Mails() {
  const place = usePlace();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = filterOf(search);
  const query = useQuery({ ...mails(place, filter, search.before), placeholderData: keepPreviousData });
  const pages = useKeyset(search.before, query.data?.next, JSON.stringify(filter), (before) =>
    navigate({ search: (now) => ({ ...now, before, mail: undefined }) }),
  );
  const templates = (
    <ButtonLink to="/p/$project/$environment/templates" params={place} icon="edit">
      Templates
    </ButtonLink>
  );
  return (
    <Page title="Mails" actions={templates}>
      <FilterBar
        filters={FILTERS}
        value={search}
        onChange={(patch) => navigate({ search: (now) => ({ ...now, ...patch, before: undefined }), replace: true })}
      />
      <Answer
        query={query}
        what="the mails"
        skeleton={<Skeleton rows={12} />}
        isEmpty={(list) => list.mails.length === 0}
        empty={
          Object.keys(filter).length > 0 ? (
            <NoMatch what="mails" onClear={() => navigate({ search: {}, replace: true })} />
          ) : (
            <Empty sentence="No mail is kept. Verifications, codes, links and what hooks send appear here." />
          )
        }
      >
        {(list) => (
          <>
            <Table
              label="Mails"
              rows={list.mails}
              rowKey={(one) => one.id}
              columns={COLUMNS}
              currentKey={search.mail}
              open={(one) => ({
                to: "/p/$project/$environment/mails",
                params: place,
                search: { ...search, mail: one.id },
              })}
            />
            <Pager {...pages} shown={list.mails.length} />
          </>
        )}
      </Answer>
      {search.mail && (
        <SidePanel
          title="Mail"
          open={{ to: "/p/$project/$environment/mails/$mail", params: { ...place, mail: search.mail } }}
          onClose={() => navigate({ search: (now) => ({ ...now, mail: undefined }) })}
        >
          <MailView id={search.mail} />
        </SidePanel>
      )}
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
