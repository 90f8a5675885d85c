// The form that makes an invitation of an administrator.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { inviteAdministrator } from "../../../api/queries/accounts.ts";
import type { NewInvitation } from "../../../api/queries/members.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";

type Props = { isOpen: boolean; onClose: () => void; onMade: (invitation: NewInvitation) => void };

export function InviteAdministrator({ isOpen, ...rest }: Props) {
  return (
    <Dialog title="Invite an administrator" isOpen={isOpen} onClose={rest.onClose}>
      <InviteForm {...rest} />
    </Dialog>
  );
}

function InviteForm({ onClose, onMade }: Omit<Props, "isOpen">) {
  const [email, setEmail] = useState("");
  const create = useMutation({ mutationFn: () => inviteAdministrator(email.trim()), onSuccess: onMade });
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
        hint="The link makes an administrator of the whole server, once, within seven days."
      />
      <DialogActions action="Create the link" isPending={create.isPending} onCancel={onClose} />
    </Form>
  );
}
