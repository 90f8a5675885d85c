// A new password, chosen with a link. Its token is behind the `#`; whoever has only the code can type it.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ADMIN, api, ok } from "../../api/client.ts";
import { Entry } from "../../frame/entry.tsx";
import { LinkCodeField, useLinkCode } from "../../frame/link_code.tsx";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/field.tsx";
import { Form } from "../../parts/form.tsx";
import { ButtonLink } from "../../parts/link.tsx";

export function Reset() {
  const link = useLinkCode();
  const [password, setPassword] = useState("");
  const confirm = useMutation({
    mutationFn: () => ok(api.POST(`${ADMIN}/password-reset/confirm`, { body: { token: link.code.trim(), password } })),
  });
  if (confirm.data) {
    return (
      <Entry title="Your password is changed" lead="Every session of your account has ended. Sign in with the new one.">
        <ButtonLink to="/sign-in" kind="primary" wide>
          Sign in
        </ButtonLink>
      </Entry>
    );
  }
  return (
    <Entry
      title="Choose a new password"
      foot="A link is good once. If it has expired, ask for another one on the page of the sign-in."
    >
      <Form error={confirm.error} onSubmit={() => confirm.mutate()} label="Choose a new password">
        <LinkCodeField link={link} label="Code" hint="It begins with rst_ and is the end of the link." />
        <TextField
          name="password"
          label="New password"
          hint="At least 12 characters."
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          isRequired
          autoFocus={link.isFromLink}
        />
        <Button kind="primary" type="submit" wide isPending={confirm.isPending}>
          Change the password
        </Button>
      </Form>
    </Entry>
  );
}
