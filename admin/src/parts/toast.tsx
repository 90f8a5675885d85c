// Short news of what was done, read to whoever cannot see it without taking the focus. An error that needs doing something
// belongs beside what failed; here it is only said.
import { useSyncExternalStore } from "react";
import { asApiError } from "../api/errors.ts";
import { IconButton } from "./button.tsx";
import { Icon } from "./icon.tsx";
import styles from "./toast.module.css";

type Toast = { id: number; text: string; isProblem: boolean };

const SHOWN_MS = 6_000;
const MOST = 3;
let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

/** "Saved.", "Version 14 is live in development." */
export function say(text: string): void {
  add(text, false);
}

/** A refusal, where there is no place to show it in full. */
export function sayProblem(thrown: unknown): void {
  const error = asApiError(thrown);
  add(`${error.message} (${error.code}${error.requestId ? `, ${error.requestId}` : ""})`, true);
}

function add(text: string, isProblem: boolean): void {
  last += 1;
  const id = last;
  change([...toasts, { id, text, isProblem }].slice(-MOST));
  // Problems stay until they are closed: they are what somebody copies.
  if (!isProblem) setTimeout(() => remove(id), SHOWN_MS);
}

function remove(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const notify of listeners) notify();
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => toasts,
  );
  return (
    <section className={styles.region} aria-label="Notices" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className={styles.toast}>
          <span className={toast.isProblem ? styles.problem : styles.done}>
            <Icon name={toast.isProblem ? "warning" : "check"} />
          </span>
          <p>{toast.text}</p>
          <IconButton icon="close" label="Close the notice" small onPress={() => remove(toast.id)} />
        </div>
      ))}
    </section>
  );
}
