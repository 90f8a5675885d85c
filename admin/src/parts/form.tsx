// Forms: what is being changed compared with what is saved, the server's problems at their fields, and a bar that says what
// saving would change. A form saves as a whole.
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from "react";
import { Form as AriaForm } from "react-aria-components";
import type { ApiError } from "../api/errors.ts";
import { Button } from "./button.tsx";
import styles from "./form.module.css";
import { plural } from "./format.ts";
import { Problem } from "./states.tsx";

/** The refusal that the fields of a form look for their own problems in. */
export const FormError = createContext<ApiError | null>(null);

/** The names of the fields of a form: what is wrong with one is said there, and not above as well. */
const FormNames = createContext<Set<string> | null>(null);

/** What the server says is wrong with a field of the form around it. */
export function useFieldProblem(name: string): string | undefined {
  const names = use(FormNames);
  useEffect(() => {
    names?.add(name);
    return () => void names?.delete(name);
  }, [names, name]);
  return use(FormError)?.problemOf(name);
}

type FormProps = { error?: ApiError | null; onSubmit: () => void; label?: string; children: ReactNode };

export function Form({ error = null, onSubmit, label, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [names] = useState(() => new Set<string>());
  useEffect(() => {
    if (!error) return;
    const first = form.current?.querySelector<HTMLElement>(
      "[aria-invalid=true], [data-invalid] input, [data-invalid] button",
    );
    first?.focus();
  }, [error]);
  return (
    <FormNames value={names}>
      <FormError value={error}>
        <AriaForm
          ref={form}
          className={styles.form ?? ""}
          validationBehavior="aria"
          aria-label={label}
          onSubmit={(event) => {
            event.preventDefault();
            // Enter in a field submits as well: not while the button cannot be used.
            const button = form.current?.querySelector("[data-submits]");
            if (button?.getAttribute("aria-disabled") !== "true") onSubmit();
          }}
        >
          {error && <Problem error={error} elsewhere={names} />}
          {children}
        </AriaForm>
      </FormError>
    </FormNames>
  );
}

/** Something that was changed and is not saved: where, and both sides. */
export type Change = { path: string; before: unknown; after: unknown };

export type FormState<T> = {
  value: T;
  set: <K extends keyof T>(key: K, value: T[K]) => void;
  changes: Change[];
  isChanged: boolean;
  reset: () => void;
};

/** What somebody edits of what is saved. What they did not touch follows the server. */
export function useForm<T extends object>(saved: T): FormState<T> {
  const [edits, setEdits] = useState<Partial<T>>({});
  const value = useMemo(() => ({ ...saved, ...edits }), [saved, edits]);
  const changes = useMemo(() => changesBetween(saved, value), [saved, value]);
  return {
    value,
    set: (key, next) => setEdits((now) => ({ ...now, [key]: next })),
    changes,
    isChanged: changes.length > 0,
    reset: () => setEdits({}),
  };
}

/** Every leaf that differs; lists are compared as a whole. */
export function changesBetween(before: unknown, after: unknown, path = ""): Change[] {
  if (isPlain(before) && isPlain(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => changesBetween(before[name], after[name], path ? `${path}.${name}` : name));
  }
  return JSON.stringify(before ?? null) === JSON.stringify(after ?? null) ? [] : [{ path, before, after }];
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type SaveBarProps<T> = {
  form: FormState<T>;
  /** The words of the fields, by path: `{ "limits.memory": "Memory" }`. */
  names?: Record<string, string>;
  /** What the button says. */
  action?: string;
  isSaving?: boolean;
  whyNot?: string | undefined;
};

/** Appears with the first change: says what changed, discards it, or saves the whole form. */
export function SaveBar<T>({ form, names = {}, action = "Save changes", isSaving = false, whyNot }: SaveBarProps<T>) {
  if (!form.isChanged) return null;
  return (
    <section className={styles.bar} aria-label="Changes that are not saved">
      <details className={styles.changes}>
        <summary>{plural(form.changes.length, "change")} not saved</summary>
        <ul>
          {form.changes.map((change) => (
            <li key={change.path}>
              <span>{names[change.path] ?? change.path}</span>
              <span className={styles.sides}>
                <del>{shown(change.before)}</del> <ins>{shown(change.after)}</ins>
              </span>
            </li>
          ))}
        </ul>
      </details>
      <div className={styles.acts}>
        <Button kind="quiet" onPress={form.reset}>
          Discard
        </Button>
        <Button kind="primary" type="submit" isPending={isSaving} whyNot={whyNot}>
          {action}
        </Button>
      </div>
    </section>
  );
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return "none";
  if (value === true) return "on";
  if (value === false) return "off";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** The buttons of a form without a bar. */
export function FormActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}

/** Fields that belong together, with their own heading. */
export function FieldGroup({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <fieldset className={styles.group}>
      <legend>{title}</legend>
      {lead && <p className={styles.lead}>{lead}</p>}
      {children}
    </fieldset>
  );
}
