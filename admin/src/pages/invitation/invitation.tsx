// Accepting an invitation: with a new password if there is no account yet, else with the one of the account.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ADMIN, api, ok } from "../../api/client.ts";
import { Entry } from "../../frame/entry.tsx";
import { LinkCodeField, useLinkCode } from "../../frame/link_code.tsx";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/field.tsx";
import { Form } from "../../parts/form.tsx";
import { ButtonLink } from "../../parts/link.tsx";

export function Invitation() {
  const link = useLinkCode();
  const [password, setPassword] = useState("");
  const accept = useMutation({
    mutationFn: () => ok(api.POST(`${ADMIN}/invitations/accept`, { body: { token: link.code.trim(), password } })),
  });
  if (accept.data) {
    const { account, project, role } = accept.data;
    return (
      <Entry
        title="You are in"
        lead={
          project && role
            ? `${account.email} is now ${role} of ${project}.`
            : `${account.email} is now an administrator of this server.`
        }
      >
        <ButtonLink to="/sign-in" kind="primary" wide>
          Sign in
        </ButtonLink>
      </Entry>
    );
  }
  return (
    <Entry
      title="Accept the invitation"
      foot="An invitation is good for seven days, and once. Whoever sent it can send another one."
    >
      <Form error={accept.error} onSubmit={() => accept.mutate()} label="Accept the invitation">
        <LinkCodeField link={link} label="Invitation code" hint="It begins with ivt_ and is the end of the link." />
        <TextField
          name="password"
          label="Password"
          hint="If you have an account on this server: its password. Otherwise choose one, with at least 12 characters."
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          isRequired
          autoFocus={link.isFromLink}
        />
        <Button kind="primary" type="submit" wide isPending={accept.isPending}>
          Accept
        </Button>
      </Form>
    </Entry>
  );
}
