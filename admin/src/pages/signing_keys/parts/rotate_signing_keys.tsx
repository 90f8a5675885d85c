// The question before a rotation: with an overlap, which nobody notices, or at once, which ends every token.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { rotateSigningKeys } from "../../../api/queries/signing_keys.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { Checkbox, SelectField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";

type Props = { isOpen: boolean; onClose: () => void };

const WAYS = [
  { value: "overlap", title: "With an overlap", hint: "The usual way: no user and no server notices." },
  { value: "at-once", title: "At once", hint: "For a key that is in wrong hands." },
];

export function RotateSigningKeys({ isOpen, onClose }: Props) {
  return (
    <Dialog title="Rotate the signing keys" isOpen={isOpen} onClose={onClose}>
      <RotateForm onClose={onClose} />
    </Dialog>
  );
}

function RotateForm({ onClose }: Pick<Props, "onClose">) {
  const place = usePlace();
  const environment = useEnvironment();
  const [way, setWay] = useState("overlap");
  const [isSure, setSure] = useState(false);
  const isAtOnce = way === "at-once";
  const rotate = useMutation({
    mutationFn: () => rotateSigningKeys(place, isAtOnce),
    onSuccess: (kid) => {
      say(isAtOnce ? `${kid} signs from now on. Earlier tokens are refused.` : `${kid} is published and signs soon.`);
      onClose();
    },
  });
  return (
    <Form error={rotate.error} onSubmit={() => rotate.mutate()}>
      <SelectField name="immediately" label="How" options={WAYS} value={way} onChange={setWay} />
      {isAtOnce ? (
        <>
          <p>
            Every access token that was issued so far is refused from now on, in all apps. Sessions go on: apps get a
            new token with their refresh token. Servers that keep the key set see the new key when they read it again.
          </p>
          <Checkbox
            name="sure"
            label={`Refuse all access tokens of ${environment.name}`}
            isSelected={isSure}
            onChange={setSure}
          />
        </>
      ) : (
        <p>
          The new key is published at once and signs after the overlap. The old ones are accepted until their last token
          has expired. Nobody is signed out.
        </p>
      )}
      <DialogActions
        action={isAtOnce ? "Refuse all tokens and rotate" : "Rotate the keys"}
        kind={isAtOnce ? "danger" : "primary"}
        isPending={rotate.isPending}
        whyNot={isAtOnce && !isSure ? "Confirm that all tokens are refused" : undefined}
        onCancel={onClose}
      />
    </Form>
  );
}
