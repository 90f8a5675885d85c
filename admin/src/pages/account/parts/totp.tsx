// The authenticator app: enrolled with a picture or a text, confirmed with a code, removed, and the codes for when it is lost.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { beginTotp, confirmTotp, newRecoveryCodes, removeTotp } from "../../../api/queries/account.ts";
import { Button } from "../../../parts/button.tsx";
import { CodeBlock } from "../../../parts/code.tsx";
import { Id } from "../../../parts/copy.tsx";
import { ConfirmDialog, Dialog } from "../../../parts/dialog.tsx";
import { TextField } from "../../../parts/field.tsx";
import { Form, FormActions } from "../../../parts/form.tsx";
import { Status } from "../../../parts/outcome.tsx";
import { QrCode } from "../../../parts/qr_code.tsx";
import { Problem } from "../../../parts/states.tsx";
import { say } from "../../../parts/toast.tsx";
import styles from "./totp.module.css";

type Asking = "replace" | "codes" | "remove" | null;

export function Totp({ isOn }: { isOn: boolean }) {
  const [asking, setAsking] = useState<Asking>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const begin = useMutation({ mutationFn: beginTotp });
  const ask = (what: Asking) => () => setAsking(what);
  return (
    <>
      <div className={styles.line}>
        <Status of={isOn ? "enabled" : "none"} word={isOn ? "in use" : "not in use"} />
        {isOn ? (
          <>
            <Button onPress={ask("replace")}>Replace the app</Button>
            <Button onPress={ask("codes")}>New recovery codes</Button>
            <Button kind="danger" onPress={ask("remove")}>
              Remove
            </Button>
          </>
        ) : (
          <Button onPress={() => begin.mutate()} isPending={begin.isPending}>
            Set up an authenticator app
          </Button>
        )}
      </div>
      <Problem error={begin.error} />
      <Dialog
        title="Set up an authenticator app"
        isOpen={begin.data !== undefined && codes === null}
        onClose={() => begin.reset()}
      >
        {begin.data && <Enrolment {...begin.data} onCodes={setCodes} />}
      </Dialog>
      <RecoveryCodes
        codes={codes}
        onClose={() => {
          setCodes(null);
          begin.reset();
        }}
      />
      <ConfirmDialog
        title="Replace the authenticator app"
        consequence="The app that you have works until the new one is confirmed. Then its codes and the recovery codes stop working, and your other sessions end."
        action="Set up another app"
        kind="primary"
        isOpen={asking === "replace"}
        onClose={ask(null)}
        onConfirm={() => begin.mutateAsync()}
      />
      <ConfirmDialog
        title="New recovery codes"
        consequence="The recovery codes that you have stop working."
        action="Make new codes"
        kind="primary"
        isOpen={asking === "codes"}
        onClose={ask(null)}
        onConfirm={async () => setCodes(await newRecoveryCodes())}
      />
      <ConfirmDialog
        title="Remove the authenticator app"
        consequence="From then on your password alone is enough to sign in. The recovery codes are deleted, too."
        action="Remove the app"
        isOpen={asking === "remove"}
        onClose={ask(null)}
        onConfirm={async () => {
          await removeTotp();
          say("The authenticator app was removed.");
        }}
      />
    </>
  );
}

type EnrolmentProps = { secret: string; otpauthUrl: string; onCodes: (codes: string[]) => void };

function Enrolment({ secret, otpauthUrl, onCodes }: EnrolmentProps) {
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () => confirmTotp(code.replaceAll(/\s/g, "")),
    onSuccess: onCodes,
    onError: () => setCode(""),
  });
  return (
    <div className={styles.enrolment}>
      <QrCode text={otpauthUrl} label="The secret for the authenticator app, as a QR code" />
      <div className={styles.steps}>
        <p>Scan the picture with the app, or type this secret into it:</p>
        <Id label="Copy the secret">{secret}</Id>
        <Form error={confirm.error} onSubmit={() => confirm.mutate()} label="Confirm the app">
          <TextField
            name="code"
            label="Code that the app shows"
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={setCode}
            mono
            isRequired
            autoFocus
          />
          <FormActions>
            <Button
              kind="primary"
              type="submit"
              isPending={confirm.isPending}
              whyNot={code ? undefined : "Enter the code first"}
            >
              Confirm the app
            </Button>
          </FormActions>
        </Form>
      </div>
    </div>
  );
}

function RecoveryCodes({ codes, onClose }: { codes: readonly string[] | null; onClose: () => void }) {
  const done = (
    <Button kind="primary" onPress={onClose}>
      I have kept them
    </Button>
  );
  return (
    <Dialog title="Your recovery codes" isOpen={codes !== null} onClose={onClose} footer={done} size="s" isKept>
      <p>
        Each of them signs you in once if you lose the app. They are shown only here: keep them where you keep
        passwords.
      </p>
      <CodeBlock code={(codes ?? []).join("\n")} label="The recovery codes" />
    </Dialog>
  );
}
