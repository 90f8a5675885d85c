// A link with which somebody who has forgotten their password chooses a new one: asked first, then shown once.
import { useMutation } from "@tanstack/react-query";
import { type AdminAccount, createPasswordReset } from "../../../api/queries/accounts.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { Form } from "../../../parts/form.tsx";
import { ShownOnce } from "../../../parts/shown_once.tsx";

export function ResetPassword({ account, onClose }: { account: AdminAccount; onClose: () => void }) {
  const create = useMutation({ mutationFn: () => createPasswordReset(account.id) });
  if (create.data) {
    return (
      <ShownOnce title="Link created" what="link" value={create.data.link} onClose={onClose}>
        <p>Hand it over to {account.email}: it is good for 24 hours, and once.</p>
      </ShownOnce>
    );
  }
  return (
    <Dialog title={`A new password for ${account.email}?`} isOpen onClose={onClose}>
      <Form error={create.error} onSubmit={() => create.mutate()}>
        <p>
          You get a link to hand over, with which they choose a new password. Nothing changes until it is used: then
          their sessions end. Their authenticator app and their personal tokens stay.
        </p>
        <DialogActions action="Create the link" isPending={create.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
