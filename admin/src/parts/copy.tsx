// Copying a text, and identifiers that can be copied.
import { useEffect, useState } from "react";
import { IconButton } from "./button.tsx";
import styles from "./copy.module.css";

const SAID_FOR_MS = 1500;

/** A button that copies a text; `label` says which: "Copy the request id". */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    copyText(text).then(
      () => setState("copied"),
      () => setState("refused"),
    );
  };
  return (
    <span className={styles.copy}>
      <IconButton icon={state === "copied" ? "check" : "copy"} label={label} small onPress={copy} />
      <span className="hidden-visually" aria-live="polite">
        {state === "copied" ? "Copied" : state === "refused" ? "The browser did not allow copying" : ""}
      </span>
    </span>
  );
}

/** An identifier in the fixed-width font, with a button that copies it. */
export function Id({ children, label = "Copy the id" }: { children: string; label?: string }) {
  return (
    <span className={styles.id}>
      <code>{children}</code>
      <CopyButton text={children} label={label} />
    </span>
  );
}

/** The clipboard is there on HTTPS and on this machine only; elsewhere the selection of a field does. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "hidden-visually";
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  if (!isCopied) throw new Error("not allowed");
}
