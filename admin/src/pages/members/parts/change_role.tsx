// Another role for a member.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { changeMember, type Member } from "../../../api/queries/members.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { Form } from "../../../parts/form.tsx";
import { say } from "../../../parts/toast.tsx";
import { RoleField } from "./role_field.tsx";
import { titleOf } from "./roles.ts";

export function ChangeRole({ project, member, onClose }: { project: string; member: Member; onClose: () => void }) {
  const [role, setRole] = useState(member.role);
  const change = useMutation({
    mutationFn: () => changeMember(project, member.id, role),
    onSuccess: () => {
      say(`${member.email} is now ${titleOf(role).toLowerCase()}.`);
      onClose();
    },
  });
  return (
    <Dialog title={`Role of ${member.email}`} isOpen onClose={onClose}>
      <Form error={change.error} onSubmit={() => change.mutate()}>
        <RoleField value={role} onChange={setRole} />
        <p>It holds from their next request on, also for their personal tokens.</p>
        <DialogActions
          action="Change the role"
          isPending={change.isPending}
          whyNot={role === member.role ? `${member.email} has this role already` : undefined}
          onCancel={onClose}
        />
      </Form>
    </Dialog>
  );
}
