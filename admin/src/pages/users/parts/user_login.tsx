// What a user can log in with: the password, second factors, linked identities.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  type AdminUser,
  type ExportedFactor,
  type ExportedIdentity,
  removeFactor,
  unlinkIdentity,
  userFactors,
  userIdentities,
} from "../../../api/queries/users.ts";
import { Button } from "../../../parts/button.tsx";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { Time } from "../../../parts/figures.tsx";
import { plural } from "../../../parts/format.ts";
import { Status } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { Answer, Empty, Skeleton } from "../../../parts/states.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { say } from "../../../parts/toast.tsx";

export function UserLogin({ user }: { user: AdminUser }) {
  return (
    <>
      <Factors user={user} />
      <Identities user={user} />
    </>
  );
}

function Factors({ user }: { user: AdminUser }) {
  const place = usePlace();
  const environment = useEnvironment();
  const query = useQuery(userFactors(place, user.id));
  const whyNot = useRights().why("data:write");
  const [removing, setRemoving] = useState<ExportedFactor | null>(null);
  const isLast = query.data?.factors.length === 1;
  const remove = async () => {
    if (!removing) return;
    await removeFactor(place, user.id, removing.id);
    say("The second factor is removed.");
  };
  return (
    <Section title="Second factors">
      <Answer
        query={query}
        what="the second factors"
        skeleton={<Skeleton rows={1} />}
        isEmpty={({ factors }) => factors.length === 0}
        empty={<Empty sentence="The user has no second factor." />}
      >
        {({ factors, recoveryCodesLeft }) => (
          <>
            <Table
              label="Second factors"
              rows={factors}
              rowKey={(one) => one.id}
              columns={[...FACTORS, act("Remove…", whyNot, setRemoving)]}
            />
            <p>{plural(recoveryCodesLeft, "recovery code is", "recovery codes are")} left.</p>
          </>
        )}
      </Answer>
      <ConfirmDialog
        title="Remove this second factor?"
        consequence={
          <p>
            Whoever knows the password of {user.email} logs in without it. Make sure that it is the user who asked.{" "}
            {isLast && "It is the last one: the recovery codes are deleted with it."}
          </p>
        }
        action="Remove the factor"
        isOpen={removing !== null}
        onClose={() => setRemoving(null)}
        onConfirm={remove}
        environment={environment}
      />
    </Section>
  );
}

function Identities({ user }: { user: AdminUser }) {
  const place = usePlace();
  const environment = useEnvironment();
  const query = useQuery(userIdentities(place, user.id));
  const whyNot = useRights().why("data:write");
  const [unlinking, setUnlinking] = useState<ExportedIdentity | null>(null);
  const isOnly = query.data?.length === 1 && !user.hasPassword;
  const unlink = async () => {
    if (!unlinking) return;
    await unlinkIdentity(place, user.id, unlinking.provider);
    say(`${unlinking.provider} is unlinked.`);
  };
  return (
    <Section title="Identities">
      <Answer
        query={query}
        what="the identities"
        skeleton={<Skeleton rows={1} />}
        isEmpty={(identities) => identities.length === 0}
        empty={<Empty sentence="No account at an identity provider is linked." />}
      >
        {(identities) => (
          <Table
            label="Identities"
            rows={identities}
            rowKey={(one) => `${one.provider} ${one.subject}`}
            columns={[...IDENTITIES, act("Unlink…", whyNot, setUnlinking)]}
          />
        )}
      </Answer>
      <ConfirmDialog
        title={`Unlink ${unlinking?.provider ?? ""}?`}
        consequence={
          <p>
            The account at the provider can no longer be used to log in; sessions go on.{" "}
            {isOnly &&
              "The user has no password and no other identity: a password reset or a link by mail is the only way in then."}
          </p>
        }
        action="Unlink the identity"
        isOpen={unlinking !== null}
        onClose={() => setUnlinking(null)}
        onConfirm={unlink}
        environment={environment}
      />
    </Section>
  );
}

const FACTORS: Column<ExportedFactor>[] = [
  { key: "name", title: "Name", phone: "main", cell: (one) => one.name ?? "Authenticator app" },
  { key: "state", title: "State", width: "128px", phone: "side", cell: (one) => <Status of={one.state} /> },
  { key: "created", title: "Created", width: "128px", phone: "second", cell: (one) => <Time at={one.createdAt} /> },
  { key: "verified", title: "Confirmed", width: "128px", phone: "hidden", cell: (one) => <Time at={one.verifiedAt} /> },
];

const IDENTITIES: Column<ExportedIdentity>[] = [
  { key: "provider", title: "Provider", width: "144px", phone: "main", cell: (one) => one.provider },
  { key: "email", title: "Email there", phone: "second", cell: (one) => one.email ?? "not told" },
  { key: "subject", title: "Subject", phone: "hidden", cell: (one) => <code>{one.subject}</code> },
  { key: "used", title: "Last used", width: "128px", phone: "second", cell: (one) => <Time at={one.lastUsedAt} /> },
];

function act<T>(title: string, whyNot: string | undefined, onPress: (row: T) => void): Column<T> {
  return {
    key: "act",
    title: "Actions",
    isTitleHidden: true,
    width: "104px",
    align: "end",
    phone: "side",
    cell: (row) => (
      <Button small whyNot={whyNot} onPress={() => onPress(row)}>
        {title}
      </Button>
    ),
  };
}
