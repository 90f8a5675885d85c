// A new hook: what it is for, what it begins as, and its name. It opens in the editor as a draft; nothing runs until it is deployed.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createHook } from "../../../api/queries/drafts.ts";
import { hookPoints } from "../../../api/queries/hooks.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { ComboBox, TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { usePlace } from "../../../parts/place.ts";
import { blankSource, nameFor } from "./blank.ts";
import styles from "./create_hook.module.css";

type Props = {
  /** The hook point or event that it is for, if that is given. */
  place?: string | undefined;
  isOpen: boolean;
  onClose: () => void;
};

export function CreateHook({ place, isOpen, onClose }: Props) {
  return (
    <Dialog title={place ? `Create a hook for ${place}` : "Create a hook"} isOpen={isOpen} onClose={onClose}>
      <Fields given={place} onClose={onClose} />
    </Dialog>
  );
}

function Fields({ given, onClose }: { given: string | undefined; onClose: () => void }) {
  const at = usePlace();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(given ?? "");
  const [typed, setTyped] = useState<string | null>(null);
  const options = useQuery({ ...hookPoints, select: optionsOf }).data ?? [];
  const name = typed ?? (chosen ? nameFor(chosen) : "");
  const create = useMutation({
    mutationFn: () => createHook(at.project, name, blankSource(chosen)),
    onSuccess: () => void navigate({ to: "/p/$project/$environment/hooks/$hook/code", params: { ...at, hook: name } }),
  });
  return (
    <Form error={create.error} onSubmit={() => create.mutate()}>
      <p className={styles.about}>It opens as a draft in the editor. Nothing runs until a version of it is deployed.</p>
      {!given && (
        <ComboBox
          name="place"
          label="It runs at"
          hint="A hook point, an event, queue.<name> or cron.<name>."
          mono
          allowsCustom
          options={options}
          value={chosen}
          onChange={setChosen}
        />
      )}
      <TextField
        name="name"
        label="Name"
        hint="Letters, digits, - and _; it cannot be changed later."
        mono
        isRequired
        maxLength={64}
        value={name}
        onChange={setTyped}
      />
      <DialogActions
        action="Create the hook"
        isPending={create.isPending}
        whyNot={whyNot(chosen, name)}
        onCancel={onClose}
      />
    </Form>
  );
}

type Points = { points: { name: string; when: string }[]; events: { name: string; when: string }[] };

const optionsOf = ({ points, events }: Points) =>
  [...points, ...events].map(({ name, when }) => ({ value: name, title: name, hint: when }));

function whyNot(place: string, name: string): string | undefined {
  if (!place) return "Choose what it runs at";
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) return "The name has letters, digits, - and _ only";
  return undefined;
}
