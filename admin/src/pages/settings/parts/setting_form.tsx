// What every form of settings has in common: it shows what is stored, says what changed, and saves as a whole.
import { type UseQueryResult, useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ApiError } from "../../../api/errors.ts";
import { Form, type FormState, SaveBar, useForm } from "../../../parts/form.tsx";
import { type Permission, useRights } from "../../../parts/rights.ts";
import { Answer, Skeleton } from "../../../parts/states.tsx";
import { say } from "../../../parts/toast.tsx";
import { ReadOnlyNote } from "./read_only_note.tsx";

type Props<T extends object> = {
  /** What is stored, as the form has it. */
  query: UseQueryResult<T, ApiError>;
  what: string;
  /** The words of the fields, by name. */
  names: Readonly<Record<string, string>>;
  /** A field whose value is not to be read in the list of changes. */
  secret?: keyof T & string;
  /** What saving them needs. */
  permission?: Permission;
  /** About how high the form is: what is below stays where it is when the form comes. */
  rows?: number;
  save: (value: T) => Promise<unknown>;
  children: (form: FormState<T>) => ReactNode;
};

export function SettingForm<T extends object>({ query, what, rows = 5, ...rest }: Props<T>) {
  return (
    <Answer query={query} what={what} skeleton={<Skeleton kind="form" rows={rows} />}>
      {(saved) => <Loaded saved={saved} {...rest} />}
    </Answer>
  );
}

function Loaded<T extends object>({
  saved,
  names,
  secret,
  permission = "settings:write",
  save,
  children,
}: Omit<Props<T>, "query" | "what" | "rows"> & { saved: T }) {
  const form = useForm(saved);
  const whyNot = useRights().why(permission);
  const saving = useMutation({
    mutationFn: () => save(form.value),
    onSuccess: () => {
      form.reset();
      say("The settings are saved and hold from the next request on.");
    },
  });
  return (
    <Form error={saving.error} onSubmit={() => saving.mutate()}>
      {whyNot && <ReadOnlyNote whyNot={whyNot} />}
      {children(form)}
      <SaveBar form={masked(form, secret)} names={names} isSaving={saving.isPending} whyNot={whyNot} />
    </Form>
  );
}

/** The form with a secret that was typed said and not shown. */
function masked<T extends object>(form: FormState<T>, secret: string | undefined): FormState<T> {
  const changes = form.changes.map((change) =>
    change.path === secret ? { ...change, before: "as it is stored", after: "a new one" } : change,
  );
  return { ...form, changes };
}
