// Changing the password: the other sessions end with it.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { changePassword } from "../../../api/queries/account.ts";
import { Button } from "../../../parts/button.tsx";
import { TextField } from "../../../parts/field.tsx";
import { Form, FormActions } from "../../../parts/form.tsx";
import { Section } from "../../../parts/page.tsx";
import { say } from "../../../parts/toast.tsx";

export function Password({ email }: { email: string }) {
  const [isOpen, setOpen] = useState(false);
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const close = () => {
    setOpen(false);
    setCurrent("");
    setNext("");
  };
  const change = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => {
      close();
      say("Your password was changed, and your other sessions have ended.");
    },
  });
  return (
    <Section title="Password" actions={!isOpen && <Button onPress={() => setOpen(true)}>Change the password</Button>}>
      {isOpen ? (
        <Form error={change.error} onSubmit={() => change.mutate()} label="Change the password">
          {/* Programs that keep passwords look for the name that one belongs to. */}
          <input
            className="hidden-visually"
            type="text"
            autoComplete="username"
            value={email}
            readOnly
            tabIndex={-1}
            aria-hidden="true"
          />
          <TextField
            name="currentPassword"
            label="Current password"
            type="password"
            autoComplete="current-password"
            value={current}
            onChange={setCurrent}
            isRequired
            autoFocus
          />
          <TextField
            name="password"
            label="New password"
            hint="At least 12 characters, and none of the common ones."
            type="password"
            autoComplete="new-password"
            value={next}
            onChange={setNext}
            isRequired
          />
          <FormActions>
            <Button
              kind="primary"
              type="submit"
              isPending={change.isPending}
              whyNot={current && next ? undefined : "Enter both passwords first"}
            >
              Change the password
            </Button>
            <Button kind="quiet" onPress={close}>
              Cancel
            </Button>
          </FormActions>
        </Form>
      ) : (
        <p>Changing it ends your other sessions. Personal tokens stay.</p>
      )}
    </Section>
  );
}
