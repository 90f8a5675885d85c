// Tokens with which programs do what the account may do, within the limits of each token.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { PersonalToken } from "../../../../../docs/openapi.d.ts";
import { ownTokens, revokeToken } from "../../../api/queries/account.ts";
import { Button } from "../../../parts/button.tsx";
import { CodeBlock } from "../../../parts/code.tsx";
import { ConfirmDialog, Dialog } from "../../../parts/dialog.tsx";
import { Time } from "../../../parts/figures.tsx";
import { Section } from "../../../parts/page.tsx";
import { ShownOnce } from "../../../parts/shown_once.tsx";
import { Answer, Empty } from "../../../parts/states.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { say } from "../../../parts/toast.tsx";
import { NewTokenForm } from "./new_token_form.tsx";

export function PersonalTokens() {
  const query = useQuery(ownTokens);
  const [isCreating, setCreating] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [revoked, setRevoked] = useState<PersonalToken | null>(null);
  const create = (
    <Button icon="plus" onPress={() => setCreating(true)}>
      Create a personal token
    </Button>
  );
  return (
    <Section
      title="Personal tokens"
      lead="For the command line and scripts. A token may do what you may do when it is used, and no more than its limits."
      actions={create}
    >
      <Answer
        query={query}
        what="your tokens"
        isEmpty={(data) => data.tokens.length === 0}
        empty={<Empty sentence="No personal token yet." action={create} />}
      >
        {(data) => (
          <Table
            label="Personal tokens"
            columns={columnsWith(setRevoked)}
            rows={data.tokens}
            rowKey={(token) => token.id}
          />
        )}
      </Answer>
      <Dialog title="Create a personal token" isOpen={isCreating} onClose={() => setCreating(false)}>
        <NewTokenForm
          onMade={(token) => {
            setCreating(false);
            setMade(token);
          }}
          onCancel={() => setCreating(false)}
        />
      </Dialog>
      <ShownOnce title="Your new token" what="token" value={made} onClose={() => setMade(null)}>
        <p>The command line takes it from the environment:</p>
        <CodeBlock
          code={`export AEROCALL_SERVER=${window.location.origin}\nexport AEROCALL_TOKEN=${made ?? ""}`}
          label="The variables"
          isWrapped
        />
      </ShownOnce>
      <ConfirmDialog
        title={`Revoke ${revoked?.name ?? ""}`}
        consequence="Programs that use it are refused at once. It cannot be given back."
        action="Revoke the token"
        isOpen={revoked !== null}
        onClose={() => setRevoked(null)}
        onConfirm={async () => {
          await revokeToken(revoked?.id ?? "");
          say("The token was revoked.");
        }}
      />
    </Section>
  );
}

function columnsWith(onRevoke: (token: PersonalToken) => void): Column<PersonalToken>[] {
  return [
    { key: "name", title: "Name", cell: (token) => token.name },
    { key: "place", title: "Where", width: "20%", cell: (token) => placeOf(token) },
    { key: "scopes", title: "What", width: "24%", cell: (token) => token.scopes?.join(", ") ?? "all you may do" },
    {
      key: "used",
      title: "Last used",
      width: "120px",
      cell: (token) => (token.lastUsedAt ? <Time at={token.lastUsedAt} /> : "never"),
    },
    {
      key: "ends",
      title: "Ends",
      width: "120px",
      cell: (token) => (token.expiresAt ? <Time at={token.expiresAt} /> : "never"),
    },
    {
      key: "revoke",
      title: "Revoke",
      width: "88px",
      align: "end",
      isTitleHidden: true,
      phone: "side",
      cell: (token) => (
        <Button small kind="quiet" onPress={() => onRevoke(token)}>
          Revoke
        </Button>
      ),
    },
  ];
}

function placeOf(token: PersonalToken): string {
  if (!token.project) return "everywhere";
  return token.environment ? `${token.project} ▸ ${token.environment}` : token.project;
}
