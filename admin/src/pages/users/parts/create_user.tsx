// The form for a new user. It runs the sign-up hooks of the project, which can refuse it.
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createUser } from "../../../api/queries/users.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { Checkbox, TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";

type Props = { isOpen: boolean; onClose: () => void };

export function CreateUser({ isOpen, onClose }: Props) {
  return (
    <Dialog title="Create a user" isOpen={isOpen} onClose={onClose}>
      <UserForm onClose={onClose} />
    </Dialog>
  );
}

function UserForm({ onClose }: Pick<Props, "onClose">) {
  const place = usePlace();
  const navigate = useNavigate();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [isVerified, setVerified] = useState(false);
  const create = useMutation({
    mutationFn: () =>
      createUser(place, {
        email: email.trim(),
        emailVerified: isVerified,
        ...(name.trim() ? { name: name.trim() } : {}),
        ...(password ? { password } : {}),
      }),
    onSuccess: async (made) => {
      say(`${made.email} is created.`);
      onClose();
      await navigate({ to: "/p/$project/$environment/users/$user", params: { ...place, user: made.id } });
    },
  });
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
        autoComplete="off"
      />
      <TextField name="name" label="Name" value={name} onChange={setName} autoComplete="off" />
      <TextField
        name="password"
        label="Password"
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        hint="Without one, the user logs in by another method or resets the password first."
      />
      <Checkbox
        name="emailVerified"
        label="The email address is verified"
        hint="Only if you know that it is theirs: whoever is verified can log in with every method."
        isSelected={isVerified}
        onChange={setVerified}
      />
      <p>No mail is sent. The hooks beforeSignup and afterSignup run, with admin as the provider.</p>
      <DialogActions action="Create the user" isPending={create.isPending} onCancel={onClose} />
    </Form>
  );
}
