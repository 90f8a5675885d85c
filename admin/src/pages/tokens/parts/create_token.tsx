// The form for a new admin token: what it may do, where, and for how long.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { createToken, type Holder, type NewAdminToken, type Permission } from "../../../api/queries/tokens.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { type Expiry, momentOf } from "../../../parts/expiry.ts";
import { ExpiryField } from "../../../parts/expiry_field.tsx";
import { SelectField, TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { ScopePicker } from "./scope_picker.tsx";
import { shortest } from "./scopes.ts";

type Props = {
  holder: Holder;
  /** The environments of the project; none for a token of the server. */
  environments: readonly string[];
  isOpen: boolean;
  onClose: () => void;
  onMade: (token: NewAdminToken) => void;
};

const EVERY = "*";
const REACH = [
  { value: "some", title: "Only what I choose" },
  { value: "all", title: "Everything" },
];

export function CreateToken({ isOpen, ...rest }: Props) {
  return (
    <Dialog title="Create an admin token" isOpen={isOpen} onClose={rest.onClose}>
      <TokenForm {...rest} />
    </Dialog>
  );
}

function TokenForm({ holder, environments, onClose, onMade }: Omit<Props, "isOpen">) {
  const [name, setName] = useState("");
  const [reach, setReach] = useState("some");
  const [scopes, setScopes] = useState<Permission[]>([]);
  const [environment, setEnvironment] = useState(EVERY);
  const [expiry, setExpiry] = useState<Expiry>({ length: "90", day: "" });
  const create = useMutation({
    mutationFn: () => {
      const expiresAt = momentOf(expiry);
      return createToken(holder, {
        name: name.trim(),
        ...(reach === "some" ? { scopes: shortest(scopes) } : {}),
        ...(environment === EVERY ? {} : { environment }),
        ...(expiresAt ? { expiresAt } : {}),
      });
    },
    onSuccess: onMade,
  });
  const places = [
    { value: EVERY, title: "All environments" },
    ...environments.map((one) => ({ value: one, title: `Only ${one}` })),
  ];
  return (
    <Form error={create.error} onSubmit={() => create.mutate()}>
      <TextField
        name="name"
        label="Name"
        value={name}
        onChange={setName}
        isRequired
        autoFocus
        placeholder="deploys from CI"
      />
      {holder !== "server" && (
        <SelectField name="environment" label="Where" options={places} value={environment} onChange={setEnvironment} />
      )}
      <ExpiryField name="expiresAt" label="Ends" never="Never" value={expiry} onChange={setExpiry} />
      <SelectField name="reach" label="May do" options={REACH} value={reach} onChange={setReach} />
      {reach === "some" && <ScopePicker chosen={scopes} isOfServer={holder === "server"} onChange={setScopes} />}
      <DialogActions
        action="Create the token"
        isPending={create.isPending}
        whyNot={reach === "some" && scopes.length === 0 ? "Choose at least one permission" : undefined}
        onCancel={onClose}
      />
    </Form>
  );
}
