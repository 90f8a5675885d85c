// Keeps a run as a test case: its input, and what is expected from now on.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { casesOf, putCase } from "../../../../api/queries/cases.ts";
import { Dialog } from "../../../../parts/dialog.tsx";
import { DialogActions } from "../../../../parts/dialog_actions.tsx";
import { SelectField, TextField } from "../../../../parts/field.tsx";
import { Form } from "../../../../parts/form.tsx";
import { say } from "../../../../parts/toast.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import type { Ran } from "../test_bench.ts";
import { caseOf } from "../test_input.ts";

type Props = { ran: Ran; isOpen: boolean; onClose: () => void };

const EXPECTATIONS = [
  { value: "reply", title: "The same reply", hint: "Decision, code, message and patch." },
  { value: "decision", title: "The same decision", hint: "Allow, deny, patch or failure, whatever else it says." },
];

export function SaveCase({ ran, isOpen, onClose }: Props) {
  const { id } = useHookPage();
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const [expects, setExpects] = useState<"reply" | "decision">("reply");
  const save = useMutation({
    mutationFn: () => putCase(id, name.trim(), caseOf(ran.request, ran.result.reply, expects)),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: casesOf(id).queryKey });
      say(`The case ${name.trim()} is kept with the hook. Deployments run it.`);
      setName("");
      onClose();
    },
  });
  return (
    <Dialog title="Save as case" size="s" isOpen={isOpen} onClose={onClose}>
      <Form error={save.error} onSubmit={() => save.mutate()}>
        <TextField
          name="name"
          label="Name"
          value={name}
          onChange={setName}
          mono
          autoFocus
          isRequired
          autoComplete="off"
          hint="Letters, digits, _ and -. A case of this name is replaced."
        />
        <SelectField
          name="expect"
          label="Expects"
          value={expects}
          onChange={(value) => setExpects(value === "decision" ? "decision" : "reply")}
          options={EXPECTATIONS}
        />
        <DialogActions action="Save the case" isPending={save.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
