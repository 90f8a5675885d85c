// The name of a new template: the only thing that is asked before it is written.
import { useState } from "react";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";

type Props = { isOpen: boolean; taken: readonly string[]; onClose: () => void; onNamed: (name: string) => void };

export function NameTemplate({ isOpen, ...rest }: Props) {
  return (
    <Dialog title="Create a template" isOpen={isOpen} onClose={rest.onClose}>
      <NameForm {...rest} />
    </Dialog>
  );
}

/** As the server has it: lower-case letters, digits, _ and -, beginning with a letter. */
const NAME = /^[a-z][a-z0-9_-]{0,63}$/;

function NameForm({ taken, onClose, onNamed }: Omit<Props, "isOpen">) {
  const [name, setName] = useState("");
  const problem = taken.includes(name)
    ? "There is a template of this name: open it in the list"
    : name !== "" && !NAME.test(name)
      ? "Lower-case letters, digits, _ and -, beginning with a letter, at most 64"
      : undefined;
  const whyNot = name === "" ? "Give it a name" : problem;
  return (
    <Form onSubmit={() => !whyNot && onNamed(name)}>
      <TextField
        name="name"
        label="Name"
        value={name}
        onChange={setName}
        problem={problem}
        isRequired
        autoFocus
        mono
        placeholder="welcome"
        hint="Hooks send it by this name."
      />
      <DialogActions action="Write it" isPending={false} whyNot={whyNot} onCancel={onClose} />
    </Form>
  );
}
