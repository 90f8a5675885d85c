// A test case made of what happened: its input, the recorded answers, and the reply that is expected from now on.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { caseOfInvocation } from "../../../api/queries/cases.ts";
import type { InvocationDetail } from "../../../api/queries/invocations.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { Checkbox, TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";
import { caseName } from "./case_name.ts";
import styles from "./make_case.module.css";

const REDACTIONS = [
  {
    value: "addresses",
    label: "Replace email, IP and phone addresses",
    hint: "Alike wherever they stand; domains of email addresses stay.",
  },
  { value: "names", label: "Replace names of people" },
  { value: "secrets", label: "Replace what is called like a secret" },
] as const;
type Redaction = (typeof REDACTIONS)[number]["value"];

type Props = { of: InvocationDetail; onClose: () => void };

export function MakeCase({ of, onClose }: Props) {
  const place = usePlace();
  const cache = useQueryClient();
  const [name, setName] = useState(() => caseName(of));
  const [redact, setRedact] = useState<readonly Redaction[]>(REDACTIONS.map((one) => one.value));
  const make = useMutation({
    mutationFn: () => caseOfInvocation(place, of.id, name, [...redact]),
    onSuccess: (made) => {
      void cache.invalidateQueries({ queryKey: [place.project, "hooks", of.hook, "cases"] });
      say(`The test case “${made.name}” is stored with ${of.hook}.`);
      onClose();
    },
  });
  const toggle = (value: Redaction) =>
    setRedact(redact.includes(value) ? redact.filter((one) => one !== value) : [...redact, value]);
  return (
    <Dialog title="Make it a test" isOpen onClose={onClose}>
      <Form error={make.error} onSubmit={() => make.mutate()}>
        <p className={styles.about}>
          The case has the input, what the SDK calls got, and what version {of.version} replies to them. It is run with
          every check of {of.hook}.
        </p>
        <TextField name="name" label="Name" value={name} onChange={setName} isRequired maxLength={64} autoFocus />
        {REDACTIONS.map((one) => (
          <Checkbox
            key={one.value}
            name="redact"
            label={one.label}
            {...("hint" in one ? { hint: one.hint } : {})}
            isSelected={redact.includes(one.value)}
            onChange={() => toggle(one.value)}
          />
        ))}
        <DialogActions
          action="Store the test case"
          isPending={make.isPending}
          whyNot={name.trim() ? undefined : "It needs a name"}
          onCancel={onClose}
        />
      </Form>
    </Dialog>
  );
}
