// The form that makes an invitation, or adds somebody who has an account already.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { invite, type NewInvitation, type Role } from "../../../api/queries/members.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { RoleField } from "./role_field.tsx";

type Props = { project: string; isOpen: boolean; onClose: () => void; onMade: (invitation: NewInvitation) => void };

export function Invite({ isOpen, ...rest }: Props) {
  return (
    <Dialog title="Invite a member" isOpen={isOpen} onClose={rest.onClose}>
      <InviteForm {...rest} />
    </Dialog>
  );
}

function InviteForm({ project, onClose, onMade }: Omit<Props, "isOpen">) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("developer");
  const create = useMutation({ mutationFn: () => invite(project, email.trim(), role), onSuccess: onMade });
  return (
    <Form error={create.error} onSubmit={() => create.mutate()}>
      <TextField
        name="email"
        label="Email address"
        type="email"
        value={email}
        onChange={setEmail}
        isRequired
        autoFocus
        hint="Whoever has an account of this address uses it; everybody else chooses a password."
      />
      <RoleField value={role} onChange={setRole} />
      <DialogActions action="Create the link" isPending={create.isPending} onCancel={onClose} />
    </Form>
  );
}
