// Secrets of an environment: what hooks can send or sign with, and nobody can read.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { liveHooks } from "../../api/queries/hooks.ts";
import { type Secret, secrets } from "../../api/queries/secrets.ts";
import { Button } from "../../parts/button.tsx";
import { Time } from "../../parts/figures.tsx";
import { Menu } from "../../parts/menu.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { useRights } from "../../parts/rights.ts";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { DeleteSecret } from "./parts/delete_secret.tsx";
import { HooksOfSecret } from "./parts/hooks_of_secret.tsx";
import { MissingSecrets } from "./parts/missing_secrets.tsx";
import { SetSecret } from "./parts/set_secret.tsx";

type Open = { kind: "create"; name?: string } | { kind: "set" | "delete"; secret: Secret } | null;

export function Secrets() {
  const place = usePlace();
  const query = useQuery(secrets(place));
  const live = useQuery(liveHooks(place));
  const whyNot = useRights().why("settings:write");
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const create = (
    <Button kind="primary" icon="plus" whyNot={whyNot} onPress={() => setOpen({ kind: "create" })}>
      Create a secret
    </Button>
  );
  return (
    <Page
      title="Secrets"
      lead="A hook can send a secret to the hosts named here, or sign with it. Neither hooks nor people can read its value. Secrets are not part of a version: a rollback leaves them as they are."
      actions={create}
    >
      <Answer
        query={query}
        what="the secrets"
        skeleton={<Skeleton rows={4} />}
        isEmpty={(all) => all.length === 0}
        empty={<Empty sentence="There is no secret yet." action={create} />}
      >
        {(all) => <Table label="Secrets" rows={all} rowKey={(one) => one.name} columns={columns(whyNot, setOpen)} />}
      </Answer>
      {query.data && live.data && (
        <MissingSecrets
          hooks={live.data.hooks}
          set={query.data.map((one) => one.name)}
          whyNot={whyNot}
          onCreate={(name) => setOpen({ kind: "create", name })}
        />
      )}
      {open?.kind === "create" && (
        <SetSecret name={open.name} names={query.data?.map((one) => one.name) ?? []} onClose={close} />
      )}
      {open?.kind === "set" && <SetSecret secret={open.secret} names={[]} onClose={close} />}
      {open?.kind === "delete" && <DeleteSecret secret={open.secret} onClose={close} />}
    </Page>
  );
}

function columns(whyNot: string | undefined, open: (what: Open) => void): Column<Secret>[] {
  return [
    { key: "name", title: "Name", phone: "main", cell: (secret) => <code>{secret.name}</code> },
    {
      key: "hosts",
      title: "May be sent to",
      phone: "second",
      cell: (secret) =>
        secret.hosts.length > 0 ? <span title={secret.hosts.join("\n")}>{secret.hosts.join(", ")}</span> : "no host",
    },
    {
      key: "used",
      title: "Used by",
      phone: "second",
      cell: (secret) => <HooksOfSecret hooks={secret.usedBy.map(({ hook }) => hook)} />,
    },
    {
      key: "updated",
      title: "Updated",
      width: "128px",
      phone: "side",
      cell: (secret) => <Time at={secret.updatedAt} />,
    },
    {
      key: "created",
      title: "Created",
      width: "128px",
      phone: "hidden",
      cell: (secret) => <Time at={secret.createdAt} />,
    },
    {
      key: "acts",
      title: "Actions",
      isTitleHidden: true,
      width: "60px",
      align: "end",
      phone: "side",
      cell: (secret) => (
        <Menu
          label={`Actions for ${secret.name}`}
          small
          items={[
            {
              id: "set",
              title: "Set value and hosts…",
              icon: "edit",
              whyNot,
              onAction: () => open({ kind: "set", secret }),
            },
            {
              id: "delete",
              title: "Delete…",
              icon: "trash",
              isDanger: true,
              whyNot,
              onAction: () => open({ kind: "delete", secret }),
            },
          ]}
        />
      ),
    },
  ];
}
