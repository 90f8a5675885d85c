// The form for a new API key.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { createApiKey, type NewApiKey } from "../../../api/queries/keys.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { type Expiry, momentOf, NEVER } from "../../../parts/expiry.ts";
import { ExpiryField } from "../../../parts/expiry_field.tsx";
import { SelectField, TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { usePlace } from "../../../parts/place.ts";

type Props = { isOpen: boolean; onClose: () => void; onMade: (key: NewApiKey) => void };

const KINDS = [
  { value: "publishable", title: "Publishable", hint: "For apps: it selects the environment and may be public." },
  {
    value: "secret",
    title: "Secret",
    hint: "For servers: whoever has it can do everything in this environment but manage keys.",
  },
];

export function CreateKey({ isOpen, onClose, onMade }: Props) {
  return (
    <Dialog title="Create an API key" isOpen={isOpen} onClose={onClose}>
      <KeyForm onClose={onClose} onMade={onMade} />
    </Dialog>
  );
}

function KeyForm({ onClose, onMade }: Omit<Props, "isOpen">) {
  const place = usePlace();
  const [kind, setKind] = useState("publishable");
  const [name, setName] = useState("");
  const [expiry, setExpiry] = useState<Expiry>(NEVER);
  const create = useMutation({
    mutationFn: () => {
      const expiresAt = momentOf(expiry);
      return createApiKey(place, {
        kind: kind === "secret" ? "secret" : "publishable",
        ...(name.trim() ? { name: name.trim() } : {}),
        ...(expiresAt ? { expiresAt } : {}),
      });
    },
    onSuccess: onMade,
  });
  return (
    <Form error={create.error} onSubmit={() => create.mutate()}>
      <SelectField name="kind" label="Kind" options={KINDS} value={kind} onChange={setKind} />
      <TextField
        name="name"
        label="Name"
        value={name}
        onChange={setName}
        placeholder="web app"
        hint="Says later what uses it."
      />
      <ExpiryField name="expiresAt" label="Ends" never="Never" value={expiry} onChange={setExpiry} />
      <DialogActions action="Create the key" isPending={create.isPending} onCancel={onClose} />
    </Form>
  );
}
