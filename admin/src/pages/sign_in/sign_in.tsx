// Signing in with an email address and a password; accounts with an authenticator app are asked for its code next.
import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { ADMIN, api, ok } from "../../api/client.ts";
import { AccountEmail } from "../../frame/account_email.tsx";
import { Entry } from "../../frame/entry.tsx";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/field.tsx";
import { Form } from "../../parts/form.tsx";
import { ButtonLink } from "../../parts/link.tsx";
import { enter, keepTicket, returnAddress } from "./enter.ts";

const route = getRouteApi("/sign-in");

export function SignIn() {
  const { to } = route.useSearch();
  const navigate = route.useNavigate();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: async () => {
      const answer = await ok(api.POST(`${ADMIN}/session`, { body: { email: email.trim(), password } }));
      if (answer.state === "signed_in") await enter(answer);
      return answer;
    },
    onSuccess: async (answer) => {
      if (answer.state === "signed_in") return navigate({ to: returnAddress(to), replace: true });
      keepTicket(answer.ticket);
      return navigate({ to: "/sign-in/code", search: to ? { to } : {} });
    },
    onError: () => setPassword(""),
  });
  return (
    <Entry
      title="Sign in"
      foot="No account yet? An administrator or an owner of a project can invite you. On a new server, open the set-up link that it printed when it started."
    >
      <Form error={signIn.error} onSubmit={() => signIn.mutate()} label="Sign in">
        <AccountEmail value={email} onChange={setEmail} />
        <TextField
          name="password"
          label="Password"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          isRequired
        />
        <Button kind="primary" type="submit" wide isPending={signIn.isPending}>
          Sign in
        </Button>
        <ButtonLink to="/forgot" kind="quiet" wide>
          Forgot your password?
        </ButtonLink>
      </Form>
    </Entry>
  );
}
