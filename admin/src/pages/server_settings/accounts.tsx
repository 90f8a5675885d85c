// Everybody who has an account for the admin, and the invitations of administrators that wait.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AdminAccount, accounts, administratorInvitations } from "../../api/queries/accounts.ts";
import type { Invitation, NewInvitation } from "../../api/queries/members.ts";
import { currentAdmin } from "../../api/queries/session.ts";
import { Button } from "../../parts/button.tsx";
import { Lead } from "../../parts/lead.tsx";
import { OnlyFor } from "../../parts/only_for.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { useRights } from "../../parts/rights.ts";
import { ServerSettingsTabs } from "../../parts/settings_tabs.tsx";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { InvitationMade } from "../members/parts/invitation_made.tsx";
import { InvitationTable } from "../members/parts/invitation_table.tsx";
import { AccountTable } from "./parts/account_table.tsx";
import { ChangeAdministrator } from "./parts/change_administrator.tsx";
import { DeleteAccount } from "./parts/delete_account.tsx";
import { InviteAdministrator } from "./parts/invite_administrator.tsx";
import { ResetPassword } from "./parts/reset_password.tsx";
import { RevokeInvitation } from "./parts/revoke_invitation.tsx";

type Open =
  | { kind: "invite" }
  | { kind: "administrator" | "reset" | "delete"; account: AdminAccount }
  | { kind: "revoke"; invitation: Invitation }
  | null;

export function Accounts() {
  return (
    <OnlyFor permission="server:manage" title="Accounts" tabs={<ServerSettingsTabs />}>
      <All />
    </OnlyFor>
  );
}

function All() {
  const query = useQuery(accounts());
  const waiting = useQuery(administratorInvitations());
  const { data: me } = useQuery(currentAdmin);
  const whyNot = useRights().why("server:manage");
  const [open, setOpen] = useState<Open>(null);
  const [made, setMade] = useState<NewInvitation | null>(null);
  const close = () => setOpen(null);
  const invite = (
    <Button kind="primary" icon="plus" whyNot={whyNot} onPress={() => setOpen({ kind: "invite" })}>
      Invite an administrator
    </Button>
  );
  return (
    <Page title="Accounts" actions={invite} tabs={<ServerSettingsTabs />}>
      <Lead>
        Administrators may do everything on the server and in every project. Members of projects are invited in the
        settings of a project.
      </Lead>
      <Answer query={query} what="the accounts" skeleton={<Skeleton rows={4} />}>
        {(all) => (
          <AccountTable
            accounts={all}
            ownId={me?.account?.id}
            whyNot={whyNot}
            onChange={(account) => setOpen({ kind: "administrator", account })}
            onReset={(account) => setOpen({ kind: "reset", account })}
            onDelete={(account) => setOpen({ kind: "delete", account })}
          />
        )}
      </Answer>
      <Section title="Invitations of administrators">
        <Answer
          query={waiting}
          what="the invitations"
          skeleton={<Skeleton rows={1} />}
          isEmpty={(all) => all.length === 0}
          empty={<Empty sentence="No invitation waits." />}
        >
          {(all) => (
            <InvitationTable
              invitations={all}
              whyNot={whyNot}
              onRevoke={(invitation) => setOpen({ kind: "revoke", invitation })}
            />
          )}
        </Answer>
      </Section>
      <InviteAdministrator
        isOpen={open?.kind === "invite"}
        onClose={close}
        onMade={(invitation) => {
          close();
          setMade(invitation);
        }}
      />
      {open?.kind === "administrator" && <ChangeAdministrator account={open.account} onClose={close} />}
      {open?.kind === "reset" && <ResetPassword account={open.account} onClose={close} />}
      {open?.kind === "delete" && <DeleteAccount account={open.account} onClose={close} />}
      {open?.kind === "revoke" && <RevokeInvitation invitation={open.invitation} onClose={close} />}
      <InvitationMade made={made} onClose={() => setMade(null)} />
    </Page>
  );
}
