// The end of an invitation of an administrator that nobody has accepted.
import { revokeAdministratorInvitation } from "../../../api/queries/accounts.ts";
import type { Invitation } from "../../../api/queries/members.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { say } from "../../../parts/toast.tsx";

export function RevokeInvitation({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const revoke = async () => {
    await revokeAdministratorInvitation(invitation.id);
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
