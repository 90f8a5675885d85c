// Asks who is at the keyboard, before something dangerous: the server wants a proof that is not older than ten minutes. The
// request that needed it is sent again once it was given.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ADMIN, api, ok } from "../api/client.ts";
import { currentAdmin } from "../api/queries/session.ts";
import { onProofNeeded } from "../api/session.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { TextField } from "../parts/field.tsx";
import { Form, FormActions } from "../parts/form.tsx";

type Way = "password" | "code" | "recoveryCode";

const labels: Record<Way, string> = {
  password: "Your password",
  code: "Code of your authenticator app",
  recoveryCode: "One of your recovery codes",
};

export function ProofDialog() {
  const { data: admin } = useQuery(currentAdmin);
  const [isOpen, setOpen] = useState(false);
  const [way, setWay] = useState<Way>("password");
  const [text, setText] = useState("");
  const settle = useRef<(isGiven: boolean) => void>(undefined);
  const confirm = useMutation({
    mutationFn: () => ok(api.POST(`${ADMIN}/session/confirm`, { body: { [way]: text } })),
  });
  useEffect(() => {
    onProofNeeded(() => {
      setOpen(true);
      return new Promise((resolve) => {
        settle.current = resolve;
      });
    });
    return () => onProofNeeded(async () => false);
  }, []);
  const end = (isGiven: boolean) => {
    setOpen(false);
    setText("");
    confirm.reset();
    settle.current?.(isGiven);
  };
  const submit = () => confirm.mutate(undefined, { onSuccess: () => end(true), onError: () => setText("") });
  const others = (admin?.account?.hasTotp ? (["password", "code", "recoveryCode"] as const) : []).filter(
    (one) => one !== way,
  );
  return (
    <Dialog title="Confirm that it is you" isOpen={isOpen} onClose={() => end(false)} size="s">
      <p>What you are about to do needs a proof that is not older than ten minutes. It holds for the next ten.</p>
      <Form error={confirm.error} onSubmit={submit}>
        <TextField
          key={way}
          name={way}
          label={labels[way]}
          type={way === "password" ? "password" : "text"}
          value={text}
          onChange={setText}
          autoComplete={way === "password" ? "current-password" : "one-time-code"}
          {...(way === "code" ? { inputMode: "numeric" as const } : {})}
          isRequired
          autoFocus
        />
        <FormActions>
          <Button
            kind="primary"
            type="submit"
            isPending={confirm.isPending}
            whyNot={text ? undefined : `Enter ${labels[way].toLowerCase()} first`}
          >
            Confirm
          </Button>
          {others.map((one) => (
            <Button key={one} kind="quiet" onPress={() => setWay(one)}>
              {one === "password" ? "Use the password" : one === "code" ? "Use a code" : "Use a recovery code"}
            </Button>
          ))}
        </FormActions>
      </Form>
    </Dialog>
  );
}
