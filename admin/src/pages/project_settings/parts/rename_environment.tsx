// Another display name for an environment.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Place } from "../../../api/client.ts";
import { renameEnvironment } from "../../../api/queries/projects.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { say } from "../../../parts/toast.tsx";

type Props = { place: Place; displayName: string; onClose: () => void };

export function RenameEnvironment({ place, displayName, onClose }: Props) {
  const [name, setName] = useState(displayName);
  const rename = useMutation({
    mutationFn: () => renameEnvironment(place, name.trim()),
    onSuccess: () => {
      say(`${place.environment} is now called ${name.trim()}.`);
      onClose();
    },
  });
  return (
    <Dialog title={`Rename ${place.environment}`} isOpen onClose={onClose}>
      <Form error={rename.error} onSubmit={() => rename.mutate()}>
        <TextField
          name="displayName"
          label="Display name"
          value={name}
          onChange={setName}
          isRequired
          autoFocus
          hint={`The name in addresses and tokens stays ${place.environment}.`}
        />
        <DialogActions action="Rename the environment" isPending={rename.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
