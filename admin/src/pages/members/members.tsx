// Who has a role in a project, and the invitations that wait to be accepted.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type Invitation, invitations, type Member, members, type NewInvitation } from "../../api/queries/members.ts";
import { Button } from "../../parts/button.tsx";
import { Lead } from "../../parts/lead.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { useRights } from "../../parts/rights.ts";
import { ProjectSettingsTabs } from "../../parts/settings_tabs.tsx";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { ChangeRole } from "./parts/change_role.tsx";
import { InvitationMade } from "./parts/invitation_made.tsx";
import { InvitationTable } from "./parts/invitation_table.tsx";
import { Invite } from "./parts/invite.tsx";
import { MemberTable } from "./parts/member_table.tsx";
import { RemoveMember } from "./parts/remove_member.tsx";
import { RevokeInvitation } from "./parts/revoke_invitation.tsx";

const route = getRouteApi("/frame/p/$project/settings/members");

type Open =
  | { kind: "invite" }
  | { kind: "change" | "remove"; member: Member }
  | { kind: "revoke"; invitation: Invitation }
  | null;

export function Members() {
  const { project } = route.useParams();
  const rights = useRights();
  const [open, setOpen] = useState<Open>(null);
  const [made, setMade] = useState<NewInvitation | null>(null);
  const whyNot = rights.why("project:manage");
  const close = () => setOpen(null);
  const inviteButton = (
    <Button kind="primary" icon="plus" whyNot={whyNot} onPress={() => setOpen({ kind: "invite" })}>
      Invite a member
    </Button>
  );
  return (
    <Page title="Members" actions={inviteButton} tabs={<ProjectSettingsTabs />}>
      <Lead>
        People who work on this project. Administrators of the server may do everything in every project and are not
        listed here.
      </Lead>
      <MemberList
        project={project}
        empty={
          <Empty sentence="Nobody has a role in this project: administrators alone see it." action={inviteButton} />
        }
        whyNot={whyNot}
        onChange={(member) => setOpen({ kind: "change", member })}
        onRemove={(member) => setOpen({ kind: "remove", member })}
      />
      <Section title="Invitations" lead="Each is a link that makes its address a member, once, within seven days.">
        <InvitationList
          project={project}
          whyNot={whyNot}
          onRevoke={(invitation) => setOpen({ kind: "revoke", invitation })}
        />
      </Section>
      <Invite
        project={project}
        isOpen={open?.kind === "invite"}
        onClose={close}
        onMade={(invitation) => {
          close();
          setMade(invitation);
        }}
      />
      {open?.kind === "change" && <ChangeRole project={project} member={open.member} onClose={close} />}
      {open?.kind === "remove" && <RemoveMember project={project} member={open.member} onClose={close} />}
      {open?.kind === "revoke" && <RevokeInvitation project={project} invitation={open.invitation} onClose={close} />}
      <InvitationMade made={made} onClose={() => setMade(null)} />
    </Page>
  );
}

type MemberListProps = {
  project: string;
  empty: React.ReactNode;
  whyNot: string | undefined;
  onChange: (member: Member) => void;
  onRemove: (member: Member) => void;
};

function MemberList({ project, empty, ...acts }: MemberListProps) {
  const query = useQuery(members(project));
  return (
    <Answer
      query={query}
      what="the members"
      skeleton={<Skeleton rows={4} />}
      isEmpty={(all) => all.length === 0}
      empty={empty}
    >
      {(all) => <MemberTable members={all} {...acts} />}
    </Answer>
  );
}

type InvitationListProps = {
  project: string;
  whyNot: string | undefined;
  onRevoke: (invitation: Invitation) => void;
};

function InvitationList({ project, ...acts }: InvitationListProps) {
  // Those who may not read them need not ask.
  const query = useQuery({ ...invitations(project), enabled: !acts.whyNot });
  if (acts.whyNot) return <Empty sentence={`${acts.whyNot}.`} />;
  return (
    <Answer
      query={query}
      what="the invitations"
      skeleton={<Skeleton rows={1} />}
      isEmpty={(all) => all.length === 0}
      empty={<Empty sentence="No invitation waits." />}
    >
      {(all) => <InvitationTable invitations={all} {...acts} />}
    </Answer>
  );
}
