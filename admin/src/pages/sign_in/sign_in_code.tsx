// The second step of a sign-in: a code of the authenticator app, or a recovery code.
import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { ADMIN, api, ok } from "../../api/client.ts";
import { Entry } from "../../frame/entry.tsx";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/field.tsx";
import { Form } from "../../parts/form.tsx";
import { ButtonLink } from "../../parts/link.tsx";
import { currentTicket, enter, returnAddress } from "./enter.ts";

const route = getRouteApi("/sign-in/code");

export function SignInCode() {
  const { to } = route.useSearch();
  const navigate = route.useNavigate();
  const [isRecovery, setRecovery] = useState(false);
  const [text, setText] = useState("");
  const ticket = currentTicket();
  const signIn = useMutation({
    mutationFn: async () => {
      const proof = isRecovery ? { recoveryCode: text.trim() } : { code: text.replaceAll(/\s/g, "") };
      const answer = await ok(api.POST(`${ADMIN}/session/totp`, { body: { ticket: ticket ?? "", ...proof } }));
      await enter(answer);
    },
    onSuccess: () => navigate({ to: returnAddress(to), replace: true }),
    onError: () => setText(""),
  });
  const back = (
    <ButtonLink to="/sign-in" search={to ? { to } : {}} kind="quiet" wide>
      Start again
    </ButtonLink>
  );
  if (!ticket) {
    return (
      <Entry
        title="Start again"
        lead="The first step is kept for five minutes, and only as long as the page stays open."
      >
        {back}
      </Entry>
    );
  }
  return (
    <Entry
      title="One more step"
      lead={
        isRecovery
          ? "Enter one of your recovery codes. Each works once."
          : "Enter the code that your authenticator app shows now."
      }
    >
      <Form error={signIn.error} onSubmit={() => signIn.mutate()} label="Second factor">
        <TextField
          key={String(isRecovery)}
          name={isRecovery ? "recoveryCode" : "code"}
          label={isRecovery ? "Recovery code" : "Code"}
          autoComplete="one-time-code"
          {...(isRecovery ? {} : { inputMode: "numeric" as const })}
          value={text}
          onChange={setText}
          mono
          isRequired
          autoFocus
        />
        <Button kind="primary" type="submit" wide isPending={signIn.isPending}>
          Sign in
        </Button>
        <Button kind="quiet" wide onPress={() => setRecovery(!isRecovery)}>
          {isRecovery ? "Use a code of the app" : "Use a recovery code"}
        </Button>
        {back}
      </Form>
    </Entry>
  );
}
