// The form that sets a secret: a new one, or another value and other hosts for one that is there.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { putSecret, type Secret } from "../../../api/queries/secrets.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { LinesField } from "../../../parts/lines_field.tsx";
import { usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";

type Props = {
  secret?: Secret;
  /** The name of a new one, where something already asks for it. */
  name?: string | undefined;
  /** Names that are taken: to set one of those again is another thing than to create it. */
  names: readonly string[];
  onClose: () => void;
};

export function SetSecret({ secret, name: wanted = "", names, onClose }: Props) {
  const place = usePlace();
  const [name, setName] = useState(secret?.name ?? wanted);
  const [value, setValue] = useState("");
  const [hosts, setHosts] = useState<string[]>(secret?.hosts ?? []);
  const isTaken = names.includes(name.trim());
  const set = useMutation({
    mutationFn: () => putSecret(place, name.trim(), value === "" ? { hosts } : { value, hosts }),
    onSuccess: (stored) => {
      say(`The secret ${stored.name} is set. Hooks use it from their next invocation on.`);
      onClose();
    },
  });
  return (
    <Dialog title={secret ? `Set ${secret.name}` : "Create a secret"} isOpen onClose={onClose}>
      <Form error={set.error} onSubmit={() => set.mutate()}>
        {!secret && (
          <TextField
            name="name"
            label="Name"
            value={name}
            onChange={setName}
            isRequired
            autoFocus
            mono
            placeholder="crm_token"
            problem={isTaken ? "There is a secret of this name: set it in the list" : undefined}
          />
        )}
        <TextField
          name="value"
          label="Value"
          type="password"
          autoComplete="off"
          value={value}
          onChange={setValue}
          isRequired={!secret}
          autoFocus={Boolean(secret)}
          hint={
            secret
              ? "Empty: the stored value stays, and hosts can only be removed. It cannot be shown."
              : "It cannot be shown again."
          }
        />
        <LinesField
          name="hosts"
          label="Hosts that it may be sent to"
          value={hosts}
          onChange={setHosts}
          placeholder="api.example.com"
          hint="One on a line; *.example.com stands for every subdomain. Without a host, hooks can only sign with it."
        />
        <DialogActions
          action={secret ? "Set the secret" : "Create the secret"}
          isPending={set.isPending}
          whyNot={isTaken ? "The name is taken" : undefined}
          onCancel={onClose}
        />
      </Form>
    </Dialog>
  );
}
