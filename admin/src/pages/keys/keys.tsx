// API keys of an environment: which there are, a new one, one in the place of another, and the end of one.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiKey, apiKeys, type NewApiKey } from "../../api/queries/keys.ts";
import { Button } from "../../parts/button.tsx";
import { Id } from "../../parts/copy.tsx";
import { Time } from "../../parts/figures.tsx";
import { Lead } from "../../parts/lead.tsx";
import { Menu } from "../../parts/menu.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { useRights } from "../../parts/rights.ts";
import { EnvironmentSettingsTabs } from "../../parts/settings_tabs.tsx";
import { ShownOnce } from "../../parts/shown_once.tsx";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { Tag } from "../../parts/tag.tsx";
import { CreateKey } from "./parts/create_key.tsx";
import { RevokeKey } from "./parts/revoke_key.tsx";
import { RotateKey } from "./parts/rotate_key.tsx";

type Open = { kind: "create" } | { kind: "rotate" | "revoke"; key: ApiKey } | null;

export function Keys() {
  const place = usePlace();
  const rights = useRights();
  const query = useQuery(apiKeys(place));
  const [open, setOpen] = useState<Open>(null);
  const [made, setMade] = useState<NewApiKey | null>(null);
  const whyNot = rights.why("project:manage");
  const close = () => setOpen(null);
  const show = (key: NewApiKey) => {
    close();
    setMade(key);
  };
  const create = (
    <Button kind="primary" icon="plus" whyNot={whyNot} onPress={() => setOpen({ kind: "create" })}>
      Create a key
    </Button>
  );
  return (
    <Page title="API keys" actions={create} tabs={<EnvironmentSettingsTabs />}>
      <Lead>
        A publishable key goes into apps and selects this environment. A secret key belongs to servers and opens the
        admin API of this environment.
      </Lead>
      <Answer
        query={query}
        what="the API keys"
        skeleton={<Skeleton rows={3} />}
        isEmpty={(keys) => keys.length === 0}
        empty={<Empty sentence="There is no key, so no app can reach this environment." action={create} />}
      >
        {(keys) => (
          <Table label="API keys" rows={keys} rowKey={(key) => key.id} columns={columns(keys, whyNot, setOpen)} />
        )}
      </Answer>
      <CreateKey isOpen={open?.kind === "create"} onClose={close} onMade={show} />
      {open?.kind === "rotate" && <RotateKey apiKey={open.key} onClose={close} onMade={show} />}
      {open?.kind === "revoke" && <RevokeKey apiKey={open.key} isLast={query.data?.length === 1} onClose={close} />}
      <ShownOnce
        title={made?.kind === "publishable" ? "Publishable key created" : "Secret key created"}
        what="key"
        isPublic={made?.kind === "publishable"}
        value={made?.key ?? null}
        onClose={() => setMade(null)}
      />
    </Page>
  );
}

function columns(keys: ApiKey[], whyNot: string | undefined, open: (what: Open) => void): Column<ApiKey>[] {
  const lastPublishable = keys.filter((key) => key.kind === "publishable").length === 1;
  return [
    {
      key: "name",
      title: "Name",

      phone: "main",
      cell: (key) => key.name || <Unnamed />,
    },
    {
      key: "kind",
      title: "Kind",
      width: "112px",
      phone: "side",
      cell: (key) => (key.kind === "secret" ? <Tag tone="deny">secret</Tag> : <Tag>publishable</Tag>),
    },
    {
      key: "key",
      title: "Key",

      phone: "second",
      cell: (key) => (key.key ? <Id label="Copy the key">{key.key}</Id> : <Id>{key.id}</Id>),
    },
    { key: "used", title: "Last used", width: "120px", phone: "hidden", cell: (key) => <Used at={key.lastUsedAt} /> },
    { key: "created", title: "Created", width: "120px", phone: "hidden", cell: (key) => <Time at={key.createdAt} /> },
    {
      key: "ends",
      title: "Ends",
      width: "120px",
      phone: "hidden",
      cell: (key) => (key.expiresAt ? <Time at={key.expiresAt} /> : "never"),
    },
    {
      key: "acts",
      title: "Actions",
      isTitleHidden: true,
      width: "60px",
      align: "end",
      phone: "side",
      cell: (key) => (
        <Menu
          label={`Actions for ${key.name || key.id}`}
          icon="more"
          items={[
            { id: "rotate", title: "Rotate…", icon: "refresh", whyNot, onAction: () => open({ kind: "rotate", key }) },
            {
              id: "revoke",
              title: key.kind === "publishable" && lastPublishable ? "Revoke the last publishable key…" : "Revoke…",
              icon: "trash",
              isDanger: true,
              whyNot,
              onAction: () => open({ kind: "revoke", key }),
            },
          ]}
        />
      ),
    },
  ];
}

function Unnamed() {
  return <span>no name</span>;
}

function Used({ at }: { at: string | null }) {
  return at ? <Time at={at} /> : <>never</>;
}
