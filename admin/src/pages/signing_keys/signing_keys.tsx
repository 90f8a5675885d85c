// The keys that sign access tokens: what each is used for now, and a new one.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type SigningKey, signingKeys } from "../../api/queries/signing_keys.ts";
import { Button } from "../../parts/button.tsx";
import { Id } from "../../parts/copy.tsx";
import { Time } from "../../parts/figures.tsx";
import { Lead } from "../../parts/lead.tsx";
import { Status } from "../../parts/outcome.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { useRights } from "../../parts/rights.ts";
import { EnvironmentSettingsTabs } from "../../parts/settings_tabs.tsx";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { RotateSigningKeys } from "./parts/rotate_signing_keys.tsx";

export function SigningKeys() {
  const place = usePlace();
  const query = useQuery(signingKeys(place));
  const whyNot = useRights().why("settings:write");
  const [isOpen, setOpen] = useState(false);
  return (
    <Page
      title="Signing keys"
      actions={
        <Button kind="primary" icon="refresh" whyNot={whyNot} onPress={() => setOpen(true)}>
          Rotate
        </Button>
      }
      tabs={<EnvironmentSettingsTabs />}
    >
      <Lead>
        Each access token is signed by one of them. Servers check tokens with the public keys in{" "}
        <a href={keySetOf(place)} target="_blank" rel="noreferrer">
          the JSON Web Key Set
        </a>
        ; private keys never leave the server.
      </Lead>
      <Answer
        query={query}
        what="the signing keys"
        skeleton={<Skeleton rows={2} />}
        isEmpty={(keys) => keys.length === 0}
        empty={<Empty sentence="There is no signing key yet: the first token that is issued makes one." />}
      >
        {(keys) => <Table label="Signing keys" rows={keys} rowKey={(key) => key.kid} columns={COLUMNS} />}
      </Answer>
      <RotateSigningKeys isOpen={isOpen} onClose={() => setOpen(false)} />
    </Page>
  );
}

function keySetOf({ project, environment }: { project: string; environment: string }): string {
  return `/.well-known/jwks.json?${new URLSearchParams({ project, environment })}`;
}

const MEANING: Record<SigningKey["state"], string> = {
  next: "Published, so that servers know it, and does not sign yet",
  signing: "Signs new tokens",
  verifying: "Signs no more; its tokens are accepted until they expire",
  retired: "No longer accepted",
};

const COLUMNS: Column<SigningKey>[] = [
  { key: "kid", title: "Key id", phone: "main", cell: (key) => <Id>{key.kid}</Id> },
  { key: "state", title: "State", width: "112px", phone: "side", cell: (key) => <Status of={key.state} /> },
  { key: "meaning", title: "What that means", phone: "second", cell: (key) => MEANING[key.state] },
  { key: "active", title: "Signs from", width: "128px", phone: "hidden", cell: (key) => <Time at={key.activeAt} /> },
  {
    key: "retired",
    title: "Accepted until",
    width: "128px",
    phone: "hidden",
    cell: (key) => (key.retiredAt ? <Time at={key.retiredAt} /> : "the next rotation"),
  },
];
