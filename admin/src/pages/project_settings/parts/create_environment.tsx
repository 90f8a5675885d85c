// The form for a new environment.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { createEnvironment, type ProjectKeys } from "../../../api/queries/projects.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";

type Props = { project: string; isOpen: boolean; onClose: () => void; onMade: (keys: ProjectKeys) => void };

export function CreateEnvironment({ isOpen, ...rest }: Props) {
  return (
    <Dialog title="Create an environment" isOpen={isOpen} onClose={rest.onClose}>
      <EnvironmentForm {...rest} />
    </Dialog>
  );
}

function EnvironmentForm({ project, onClose, onMade }: Omit<Props, "isOpen">) {
  const [name, setName] = useState("");
  const create = useMutation({ mutationFn: () => createEnvironment(project, name.trim()), onSuccess: onMade });
  return (
    <Form error={create.error} onSubmit={() => create.mutate()}>
      <TextField
        name="name"
        label="Name"
        value={name}
        onChange={setName}
        isRequired
        autoFocus
        mono
        placeholder="staging"
        hint="In addresses and tokens; it cannot be changed later. Small letters, digits and dashes. It begins empty, with default settings."
      />
      <DialogActions action="Create the environment" isPending={create.isPending} onCancel={onClose} />
    </Form>
  );
}
