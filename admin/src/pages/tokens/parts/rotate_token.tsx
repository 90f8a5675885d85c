// A new token in the place of another, with a time in which both work.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type AdminToken, type Holder, type NewAdminToken, rotateToken } from "../../../api/queries/tokens.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { Form } from "../../../parts/form.tsx";
import { OverlapField } from "../../../parts/overlap_field.tsx";

type Props = { holder: Holder; token: AdminToken; onClose: () => void; onMade: (token: NewAdminToken) => void };

export function RotateToken({ holder, token, onClose, onMade }: Props) {
  const [overlap, setOverlap] = useState("86400");
  const rotate = useMutation({
    mutationFn: () => rotateToken(holder, token.id, Number(overlap)),
    onSuccess: onMade,
  });
  return (
    <Dialog title={`Rotate ${token.name}`} isOpen onClose={onClose}>
      <Form error={rotate.error} onSubmit={() => rotate.mutate()}>
        <p>A new token with the same name, permissions and lifetime takes the place of this one.</p>
        <OverlapField value={overlap} onChange={setOverlap} />
        <DialogActions action="Create the new token" isPending={rotate.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
