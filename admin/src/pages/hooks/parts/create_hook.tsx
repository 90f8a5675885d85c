// A new hook: what it begins as, what it runs at, and its name. It opens in the editor as a draft; nothing runs until it is deployed.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type Beginning, createHook, type Template } from "../../../api/queries/drafts.ts";
import { type HookTemplate, hookTemplates } from "../../../api/queries/hook_templates.ts";
import { hookPoints } from "../../../api/queries/hooks.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { ComboBox, SelectField, TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { usePlace } from "../../../parts/place.ts";
import { blankSource, nameFor } from "./blank.ts";
import styles from "./create_hook.module.css";
import { TemplatePreview } from "./template_preview.tsx";

type Props = {
  /** The hook point or event that it is for, if that is given. */
  place?: string | undefined;
  /** The template that is chosen at first. */
  template?: string | undefined;
  isOpen: boolean;
  onClose: () => void;
};

export function CreateHook({ place, template, isOpen, onClose }: Props) {
  return (
    <Dialog title={place ? `Create a hook for ${place}` : "Create a hook"} isOpen={isOpen} onClose={onClose}>
      <Fields given={place} first={template} onClose={onClose} />
    </Dialog>
  );
}

const EMPTY = "";

type FieldsProps = { given: string | undefined; first: string | undefined; onClose: () => void };

function Fields({ given, first, onClose }: FieldsProps) {
  const at = usePlace();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(first ?? EMPTY);
  const [place, setPlace] = useState(given ?? "");
  const [typed, setTyped] = useState<string | null>(null);
  const all = useQuery(hookTemplates).data ?? [];
  const templates = all.filter((one) => !given || one.points.includes(given));
  const template = templates.find((one) => one.name === chosen);
  const points = useQuery({ ...hookPoints, select: optionsOf }).data ?? [];
  const name = typed ?? template?.name ?? (place ? nameFor(place) : "");
  const create = useMutation({
    mutationFn: () => createHook(at.project, name, beginning(template, place)),
    onSuccess: () => void navigate({ to: "/p/$project/$environment/hooks/$hook/code", params: { ...at, hook: name } }),
  });
  return (
    <Form error={create.error} onSubmit={() => create.mutate()}>
      <p className={styles.about}>It opens as a draft in the editor. Nothing runs until a version of it is deployed.</p>
      <SelectField
        name="template"
        label="Begin with"
        options={[
          { value: EMPTY, title: "An empty hook", hint: "The right types, and a line that says what it can return." },
          ...templates.map((one) => ({ value: one.name, title: one.title, hint: one.description })),
        ]}
        value={chosen}
        onChange={setChosen}
      />
      {template ? (
        <TemplatePreview of={template} />
      ) : (
        !given && (
          <ComboBox
            name="place"
            label="It runs at"
            hint="A hook point, an event, queue.<name> or cron.<name>."
            mono
            allowsCustom
            options={points}
            value={place}
            onChange={setPlace}
          />
        )
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
        whyNot={whyNot(template, place, name)}
        onCancel={onClose}
      />
    </Form>
  );
}

function beginning(template: HookTemplate | undefined, place: string): Beginning {
  if (!template) return { source: blankSource(place) };
  // The document lists the names once more than the templates do.
  return { template: template.name as Template };
}

type Points = { points: { name: string; when: string }[]; events: { name: string; when: string }[] };

const optionsOf = ({ points, events }: Points) =>
  [...points, ...events].map(({ name, when }) => ({ value: name, title: name, hint: when }));

function whyNot(template: HookTemplate | undefined, place: string, name: string): string | undefined {
  if (!template && !place) return "Choose what it runs at";
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) return "The name has letters, digits, - and _ only";
  return undefined;
}
