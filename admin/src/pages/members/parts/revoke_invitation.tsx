// The end of an invitation that nobody has accepted.
import { type Invitation, revokeInvitation } from "../../../api/queries/members.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { say } from "../../../parts/toast.tsx";

type Props = { project: string; invitation: Invitation; onClose: () => void };

export function RevokeInvitation({ project, invitation, onClose }: Props) {
  const revoke = async () => {
    await revokeInvitation(project, invitation.id);
    say("The invitation is revoked.");
  };
  return (
    <ConfirmDialog
      title={`Revoke the invitation of ${invitation.email}?`}
      consequence={<p>Its link stops working at once.</p>}
      action="Revoke the invitation"
      isOpen
      onClose={onClose}
      onConfirm={revoke}
    />
  );
}
