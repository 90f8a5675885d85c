// The form of a ban: until when, and why.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type AdminUser, banUser } from "../../../api/queries/users.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { type Expiry, momentOf, NEVER } from "../../../parts/expiry.ts";
import { ExpiryField } from "../../../parts/expiry_field.tsx";
import { TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";

export function BanUser({ user, onClose }: { user: AdminUser; onClose: () => void }) {
  const place = usePlace();
  const [expiry, setExpiry] = useState<Expiry>(NEVER);
  const [reason, setReason] = useState("");
  const ban = useMutation({
    mutationFn: () => {
      const until = momentOf(expiry);
      return banUser(place, user.id, {
        ...(until ? { until } : {}),
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      });
    },
    onSuccess: () => {
      say(`${user.email} is banned.`);
      onClose();
    },
  });
  return (
    <Dialog title={`Ban ${user.email}`} isOpen onClose={onClose}>
      <Form error={ban.error} onSubmit={() => ban.mutate()}>
        <p>All sessions of the user end at once, and nobody logs in to the account until the ban ends.</p>
        <ExpiryField
          name="until"
          label="The ban ends"
          never="When an admin lifts it"
          value={expiry}
          onChange={setExpiry}
        />
        <TextField
          name="reason"
          label="Reason"
          value={reason}
          onChange={setReason}
          maxLength={500}
          hint="A note for other admins. The user does not see it."
        />
        <DialogActions action="Ban the user" kind="danger" isPending={ban.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
