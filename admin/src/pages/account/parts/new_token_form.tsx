// What a personal token is limited to: what it may do, where, and how long.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Permission } from "../../../../../docs/openapi.d.ts";
import { createToken } from "../../../api/queries/account.ts";
import { projects } from "../../../api/queries/session.ts";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { type Expiry, momentOf } from "../../../parts/expiry.ts";
import { ExpiryField } from "../../../parts/expiry_field.tsx";
import { Checkbox, SelectField, TextField } from "../../../parts/field.tsx";
import { FieldGroup, Form } from "../../../parts/form.tsx";

const scopes: [Permission, string][] = [
  ["project:read", "Read which projects and environments there are"],
  ["hooks:read", "Read hooks, versions and invocations"],
  ["hooks:deploy", "Change, deploy and roll back hooks"],
  ["data:read", "Read users, mails with their codes, events and deliveries"],
  ["data:write", "Change users, webhooks and jobs"],
  ["settings:read", "Read settings"],
  ["settings:write", "Change settings and secrets"],
  ["project:manage", "Manage members, keys and tokens of projects"],
  ["server:manage", "Manage the server"],
];

type Props = { onMade: (token: string) => void; onCancel: () => void };

export function NewTokenForm({ onMade, onCancel }: Props) {
  const { data } = useQuery(projects);
  const [name, setName] = useState("");
  const [place, setPlace] = useState("");
  const [isLimited, setLimited] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<Permission>>(new Set());
  const [expiry, setExpiry] = useState<Expiry>({ length: "90", day: "" });
  const [project, environment] = place.split(" ");
  const create = useMutation({
    mutationFn: () => {
      const expiresAt = momentOf(expiry);
      return createToken({
        name,
        ...(isLimited ? { scopes: [...chosen] } : {}),
        ...(project ? { project } : {}),
        ...(environment ? { environment } : {}),
        ...(expiresAt ? { expiresAt } : {}),
      });
    },
    onSuccess: onMade,
  });
  const places = (data?.projects ?? []).flatMap((one) => [
    { value: one.id, title: `${one.name}, all environments` },
    ...one.environments.map((environment) => ({
      value: `${one.id} ${environment}`,
      title: `${one.name} ▸ ${environment}`,
    })),
  ]);
  return (
    <Form error={create.error} onSubmit={() => create.mutate()} label="Create a personal token">
      <TextField
        name="name"
        label="Name"
        hint="What it is for: it is in the list and in the audit log."
        value={name}
        onChange={setName}
        isRequired
        autoFocus
        maxLength={100}
        autoComplete="off"
      />
      <SelectField
        name="project"
        label="Where it may be used"
        value={place}
        onChange={setPlace}
        options={[{ value: "", title: "Wherever I have a right" }, ...places]}
      />
      <SelectField
        name="scopes"
        label="What it may do"
        value={isLimited ? "some" : "all"}
        onChange={(value) => setLimited(value === "some")}
        options={[
          { value: "all", title: "All that I may do" },
          { value: "some", title: "Only some of it…" },
        ]}
      />
      {isLimited && (
        <FieldGroup title="Permissions">
          {scopes.map(([scope, label]) => (
            <Checkbox
              key={scope}
              name={scope}
              label={label}
              hint={<code>{scope}</code>}
              isSelected={chosen.has(scope)}
              onChange={(isOn) => setChosen(withOrWithout(chosen, scope, isOn))}
            />
          ))}
        </FieldGroup>
      )}
      <ExpiryField label="Ends" name="expiresAt" value={expiry} onChange={setExpiry} never="Never" />
      <DialogActions
        action="Create the token"
        isPending={create.isPending}
        whyNot={
          !name ? "Give it a name first" : isLimited && chosen.size === 0 ? "Choose at least one permission" : undefined
        }
        onCancel={onCancel}
      />
    </Form>
  );
}

function withOrWithout<T>(set: ReadonlySet<T>, one: T, isIn: boolean): ReadonlySet<T> {
  const next = new Set(set);
  if (isIn) next.add(one);
  else next.delete(one);
  return next;
}
