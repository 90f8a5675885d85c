// The mails of the server with the templates that replace them, and templates that hooks send.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { mailTemplates, ownMailTemplates } from "../../api/queries/mail_templates.ts";
import { Button } from "../../parts/button.tsx";
import { Time } from "../../parts/figures.tsx";
import { Link } from "../../parts/link.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { useRights } from "../../parts/rights.ts";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { Tag } from "../../parts/tag.tsx";
import { NameTemplate } from "./parts/name_template.tsx";
import { type Row, rowsOf } from "./parts/rows.ts";

export function Templates() {
  const place = usePlace();
  const navigate = useNavigate();
  const query = useQuery(mailTemplates(place));
  const ofServer = useQuery(ownMailTemplates);
  const whyNot = useRights().why("settings:write");
  const [isNaming, setNaming] = useState(false);
  const open = (row: { name: string }) => ({
    to: "/p/$project/$environment/templates/$template" as const,
    params: { ...place, template: row.name },
  });
  const create = (
    <Button kind="primary" icon="plus" whyNot={whyNot} onPress={() => setNaming(true)}>
      Create a template
    </Button>
  );
  const back = (
    <Link to="/p/$project/$environment/mails" params={place}>
      Mails
    </Link>
  );
  return (
    <Page title="Mail templates" back={back} actions={create}>
      <Answer query={query} what="the mail templates" skeleton={<Skeleton rows={8} />}>
        {(templates) => {
          const { own, others } = rowsOf(ofServer.data ?? [], templates);
          return (
            <>
              <Section
                title="Mails of the server"
                lead="Each is sent in the words of the server until a template of its name replaces them."
              >
                <Answer query={ofServer} what="the mails of the server" skeleton={<Skeleton rows={8} />}>
                  {() => (
                    <Table
                      label="Mails of the server"
                      rows={own}
                      rowKey={(row) => row.name}
                      columns={OWN}
                      open={open}
                    />
                  )}
                </Answer>
              </Section>
              <Section
                title="Templates for hooks"
                lead="Hooks send them by name: auth.sendEmail({ to, template, data })."
              >
                {others.length === 0 ? (
                  <Empty sentence="There is no template for hooks." action={create} />
                ) : (
                  <Table
                    label="Templates for hooks"
                    rows={others}
                    rowKey={(row) => row.name}
                    columns={OTHERS}
                    open={open}
                  />
                )}
              </Section>
            </>
          );
        }}
      </Answer>
      <NameTemplate
        isOpen={isNaming}
        taken={query.data?.map((one) => one.name) ?? []}
        onClose={() => setNaming(false)}
        onNamed={(name) => void navigate(open({ name }))}
      />
    </Page>
  );
}

const NAME: Column<Row> = {
  key: "name",
  title: "Name",
  width: "176px",
  phone: "main",
  cell: (row) => <code>{row.name}</code>,
};
const UPDATED: Column<Row> = {
  key: "updated",
  title: "Changed",
  width: "128px",
  phone: "hidden",
  cell: (row) => (row.template ? <Time at={row.template.updatedAt} /> : "never"),
};

const OWN: Column<Row>[] = [
  NAME,
  { key: "about", title: "What it is for", phone: "second", cell: (row) => row.about },
  {
    key: "state",
    title: "Words",
    width: "136px",
    phone: "side",
    cell: (row) => (row.template ? <Tag tone="accent">own template</Tag> : "of the server"),
  },
  UPDATED,
];

const OTHERS: Column<Row>[] = [
  NAME,
  { key: "subject", title: "Subject", phone: "second", cell: (row) => row.subject },
  UPDATED,
];
