// The first account of a server, made with the link that the server printed when it started. The code is behind the `#` of the
// link; whoever has only the code can type it.
import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { ADMIN, api, ok } from "../../api/client.ts";
import { AccountEmail } from "../../frame/account_email.tsx";
import { Entry } from "../../frame/entry.tsx";
import { LinkCodeField, useLinkCode } from "../../frame/link_code.tsx";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/field.tsx";
import { Form } from "../../parts/form.tsx";
import { ButtonLink } from "../../parts/link.tsx";
import { enter } from "../sign_in/enter.ts";

const route = getRouteApi("/setup");

export function Setup() {
  const link = useLinkCode();
  const navigate = route.useNavigate();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const setup = useMutation({
    mutationFn: async () => {
      const address = email.trim();
      await ok(api.POST(`${ADMIN}/setup`, { body: { token: link.code.trim(), email: address, password } }));
      const answer = await ok(api.POST(`${ADMIN}/session`, { body: { email: address, password } }));
      await enter(answer);
    },
    onSuccess: () => navigate({ to: "/", replace: true }),
  });
  const isDone = setup.error?.code === "setup_done";
  return (
    <Entry
      title="Set up this server"
      lead="You become its first administrator: you can create projects and invite others."
      foot="The link is good for one hour. Start the server again for a new one."
    >
      <Form error={setup.error} onSubmit={() => setup.mutate()} label="Set up">
        <LinkCodeField
          link={link}
          label="Set-up code"
          hint="It begins with set_ and was printed when the server started."
        />
        <AccountEmail value={email} onChange={setEmail} autoFocus={link.isFromLink} />
        <TextField
          name="password"
          label="Password"
          hint="At least 12 characters, and none of the common ones."
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          isRequired
        />
        <Button kind="primary" type="submit" wide isPending={setup.isPending}>
          Create the account
        </Button>
        {isDone && (
          <ButtonLink to="/sign-in" wide>
            Sign in
          </ButtonLink>
        )}
      </Form>
    </Entry>
  );
}
