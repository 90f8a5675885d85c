// A new key in the place of another, with a time in which both work.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiKey, type NewApiKey, rotateApiKey } from "../../../api/queries/keys.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { Form } from "../../../parts/form.tsx";
import { OverlapField } from "../../../parts/overlap_field.tsx";
import { usePlace } from "../../../parts/place.ts";

type Props = { apiKey: ApiKey; onClose: () => void; onMade: (key: NewApiKey) => void };

export function RotateKey({ apiKey, onClose, onMade }: Props) {
  const place = usePlace();
  const [overlap, setOverlap] = useState("86400");
  const rotate = useMutation({
    mutationFn: () => rotateApiKey(place, apiKey.id, Number(overlap)),
    onSuccess: onMade,
  });
  return (
    <Dialog title={`Rotate ${apiKey.name || `the ${apiKey.kind} key`}`} isOpen onClose={onClose}>
      <Form error={rotate.error} onSubmit={() => rotate.mutate()}>
        <p>A new key with the same kind, name and lifetime takes the place of this one.</p>
        <OverlapField value={overlap} onChange={setOverlap} />
        <DialogActions action="Create the new key" isPending={rotate.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
