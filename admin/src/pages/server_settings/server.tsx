// The server: its version, whether what it uses works, what it can do, and how much it keeps.
import { useQuery } from "@tanstack/react-query";
import { type Readiness, readiness, type ServerMeta, serverMeta } from "../../api/queries/meta.ts";
import { Id } from "../../parts/copy.tsx";
import { Bytes, Num, Time } from "../../parts/figures.tsx";
import { seconds } from "../../parts/format.ts";
import { Status } from "../../parts/outcome.tsx";
import { Facts, Page, Section } from "../../parts/page.tsx";
import { ServerSettingsTabs } from "../../parts/settings_tabs.tsx";
import { Answer, Skeleton } from "../../parts/states.tsx";

export function Server() {
  const meta = useQuery(serverMeta);
  const ready = useQuery(readiness);
  return (
    <Page title="Server" tabs={<ServerSettingsTabs />}>
      <Answer query={ready} what="whether the server is ready" skeleton={<Skeleton kind="text" rows={3} />}>
        {(data) => <Ready readiness={data} />}
      </Answer>
      <Answer query={meta} what="what the server is" skeleton={<Skeleton kind="text" rows={8} />}>
        {(data) => <What meta={data} />}
      </Answer>
    </Page>
  );
}

const SERVICES: Record<keyof Readiness["checks"], string> = {
  database: "Database of the server",
  tenant_database: "Databases of projects",
  cache: "Cache",
  broker: "Message broker",
};

function Ready({ readiness: { status, checks } }: { readiness: Readiness }) {
  const services = Object.entries(checks) as [keyof Readiness["checks"], { ok: boolean; problem?: string }][];
  return (
    <Section title="Readiness">
      <Facts
        facts={[
          ["This process", <Status key="status" of={status} />],
          ...services.map(([name, check]): [string, React.ReactNode] => [
            SERVICES[name] ?? name,
            <span key={name}>
              <Status of={check.ok ? "ready" : "failed"} word={check.ok ? "works" : "does not work"} />
              {check.problem && `: ${check.problem}`}
            </span>,
          ]),
        ]}
      />
    </Section>
  );
}

function What({ meta }: { meta: ServerMeta }) {
  const { limits, features } = meta;
  return (
    <>
      <Section title="About">
        <Facts
          facts={[
            [
              "Version",
              <Id key="version" label="Copy the version">
                {meta.version}
              </Id>,
            ],
            ["Time on the server", <Time key="now" at={meta.now} as="exact" />],
            ...meta.engines.map((engine): [string, React.ReactNode] => [
              `Engine ${engine.name}`,
              <Id key={engine.digest} label="Copy the digest">
                {engine.digest}
              </Id>,
            ]),
          ]}
        />
      </Section>
      <Section title="What it can do">
        <Facts
          facts={[
            ["Types of hooks", features.types ? "checked by the server" : "checked in the browser only"],
            [
              "Mails of projects without a mail server",
              features.mailCapture ? "kept and shown, not sent" : "sent by the mail server of the server",
            ],
            ["Assistant", features.assistant ? "set up" : "not set up"],
          ]}
        />
      </Section>
      <Section title="What it takes and keeps">
        <Facts
          facts={[
            ["JSON body", <Bytes key="json" n={limits.jsonBodyBytes} />],
            ["Bundle", <Bytes key="bundle" n={limits.bundleBytes} />],
            ["Invocations are kept for", seconds(limits.recordsKeepSeconds)],
            ["Invocations kept per project", <Num key="most" n={limits.recordsMostPerProject} />],
            ["Events are kept for", seconds(limits.eventsKeepSeconds)],
          ]}
        />
      </Section>
    </>
  );
}
