// A forgotten password: the mail with a link is asked for. The server says the same whether there is an account.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ADMIN, api, ok } from "../../api/client.ts";
import { AccountEmail } from "../../frame/account_email.tsx";
import { Entry } from "../../frame/entry.tsx";
import { Button } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code.tsx";
import { Form } from "../../parts/form.tsx";
import { ButtonLink } from "../../parts/link.tsx";

export function Forgot() {
  const [email, setEmail] = useState("");
  const request = useMutation({
    mutationFn: () => ok(api.POST(`${ADMIN}/password-reset`, { body: { email: email.trim() } })),
  });
  const back = (
    <ButtonLink to="/sign-in" kind="quiet" wide>
      Back to the sign-in
    </ButtonLink>
  );
  if (request.data) {
    return (
      <Entry
        title="Look into your mail"
        lead={`If ${email.trim()} has an account here, a link is on its way. It is good for an hour.`}
        foot="No mail? Look at the address once more, and into the folder for spam; or ask an administrator for a link."
      >
        {back}
      </Entry>
    );
  }
  if (request.error?.code === "no_mail_server") {
    return (
      <Entry
        title="This server sends no mail"
        lead="An administrator can create a link for you: Server → Accounts. Whoever runs the server can do it at its machine:"
      >
        <CodeBlock code={`aerocall admin reset-password ${email.trim()}`} label="The command" />
        {back}
      </Entry>
    );
  }
  return (
    <Entry
      title="Forgot your password?"
      lead="You get a mail with a link to choose a new one."
      foot="Your authenticator app stays: you need it for the next sign-in as well."
    >
      <Form error={request.error} onSubmit={() => request.mutate()} label="Forgot your password?">
        <AccountEmail value={email} onChange={setEmail} />
        <Button kind="primary" type="submit" wide isPending={request.isPending}>
          Send the link
        </Button>
        {back}
      </Form>
    </Entry>
  );
}
