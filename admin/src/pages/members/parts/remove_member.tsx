// The end of somebody's role in a project, with what stays.
import { type Member, removeMember } from "../../../api/queries/members.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { say } from "../../../parts/toast.tsx";

export function RemoveMember({ project, member, onClose }: { project: string; member: Member; onClose: () => void }) {
  const remove = async () => {
    await removeMember(project, member.id);
    say(`${member.email} is no longer a member.`);
  };
  return (
    <ConfirmDialog
      title={`Remove ${member.email}?`}
      consequence={
        <p>
          The project is gone for them from their next request on, also for their personal tokens. Their account stays,
          and so do keys and tokens of the project that they know: rotate those.
        </p>
      }
      action="Remove the member"
      isOpen
      onClose={onClose}
      onConfirm={remove}
    />
  );
}
