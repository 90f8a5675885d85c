// Filters of a list: what can be asked for, and what is asked for as chips. All of it is in the address.
import { useEffect, useRef, useState } from "react";
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { Button, buttonClass } from "./button.tsx";
import { type Option, SelectField, TextField } from "./field.tsx";
import styles from "./filter_bar.module.css";
import { exact } from "./format.ts";
import { Icon } from "./icon.tsx";
import { useShortcut } from "./shortcuts.ts";

export type Filter = {
  /** As in the address. */
  name: string;
  label: string;
  kind: "text" | "choice" | "flag" | "moment";
  options?: readonly Option[];
  placeholder?: string;
  /** Shown in the bar itself, not in the list of more filters. */
  isMain?: boolean;
};

type Value = Record<string, unknown>;
type Patch = Record<string, string | true | undefined>;
type Props = { filters: readonly Filter[]; value: Value; onChange: (patch: Patch) => void; children?: React.ReactNode };

/** Typing is sent when it pauses: each letter would be a request. */
const PAUSE_MS = 300;

export function FilterBar({ filters, value, onChange, children }: Props) {
  const bar = useRef<HTMLElement>(null);
  useShortcut("/", "Filter the list", () => bar.current?.querySelector<HTMLElement>("input, button")?.focus(), {
    group: "Lists",
  });
  const main = filters.filter((filter) => filter.isMain);
  const more = filters.filter((filter) => !filter.isMain);
  const set = more.filter((filter) => value[filter.name] !== undefined);
  const clear = () => onChange(Object.fromEntries(filters.map((filter) => [filter.name, undefined])));
  const isAnySet = filters.some((filter) => value[filter.name] !== undefined);
  return (
    <search ref={bar} className={styles.bar} aria-label="Filters">
      {main.map((filter) => (
        <div key={filter.name} className={filter.kind === "text" ? styles.text : styles.choice}>
          <Input filter={filter} value={value[filter.name]} onChange={onChange} isLabelHidden />
        </div>
      ))}
      {more.length > 0 && <More filters={more} value={value} onChange={onChange} />}
      {set.map((filter) => (
        <span key={filter.name} className={styles.chip}>
          {filter.label}
          {filter.kind !== "flag" && <strong>{shown(filter, value[filter.name])}</strong>}
          <button
            type="button"
            aria-label={`Remove the filter ${filter.label}`}
            onClick={() => onChange({ [filter.name]: undefined })}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
      {isAnySet && (
        <Button small kind="quiet" onPress={clear}>
          Clear
        </Button>
      )}
      {children && <span className={styles.rest}>{children}</span>}
    </search>
  );
}

function More({ filters, value, onChange }: Omit<Props, "children">) {
  return (
    <DialogTrigger>
      <AriaButton className={buttonClass("plain")}>
        <Icon name="filter" />
        Filter
      </AriaButton>
      <Popover className={styles.popover ?? ""} placement="bottom start" offset={4}>
        <Dialog className={styles.more ?? ""} aria-label="Filters">
          {filters.map((filter) => (
            <Input key={filter.name} filter={filter} value={value[filter.name]} onChange={onChange} />
          ))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

type InputProps = { filter: Filter; value: unknown; onChange: (patch: Patch) => void; isLabelHidden?: boolean };

function Input({ filter, value, onChange, isLabelHidden = false }: InputProps) {
  const common = { name: filter.name, label: filter.label, isLabelHidden };
  if (filter.kind === "text")
    return <TextInput filter={filter} value={value} onChange={onChange} isLabelHidden={isLabelHidden} />;
  if (filter.kind === "moment") {
    const local = typeof value === "string" ? toLocal(value) : "";
    const change = (next: string) => onChange({ [filter.name]: next ? new Date(next).toISOString() : undefined });
    return <TextField {...common} type="datetime-local" value={local} onChange={change} />;
  }
  const options = filter.kind === "flag" ? [{ value: "1", title: "Yes" }] : (filter.options ?? []);
  const any = { value: "", title: isLabelHidden ? `Any ${filter.label.toLowerCase()}` : "Any" };
  const chosen = value === true ? "1" : Array.isArray(value) ? value.join(",") : typeof value === "string" ? value : "";
  const change = (next: string) =>
    onChange({ [filter.name]: next === "" ? undefined : filter.kind === "flag" ? true : next });
  return <SelectField {...common} value={chosen} onChange={change} options={[any, ...options]} />;
}

function TextInput({ filter, value, onChange, isLabelHidden = false }: InputProps) {
  const given = typeof value === "string" || typeof value === "number" ? String(value) : "";
  const [typed, setTyped] = useState(given);
  const sent = useRef(given);
  const change = useRef(onChange);
  change.current = onChange;
  // What is cleared elsewhere, or comes by going back, replaces what was typed.
  useEffect(() => {
    if (given === sent.current) return;
    sent.current = given;
    setTyped(given);
  }, [given]);
  useEffect(() => {
    if (typed === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed.trim();
      change.current({ [filter.name]: typed.trim() || undefined });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, filter.name]);
  return (
    <TextField
      name={filter.name}
      label={filter.label}
      isLabelHidden={isLabelHidden}
      type="search"
      value={typed}
      onChange={setTyped}
      placeholder={filter.placeholder ?? filter.label}
      autoComplete="off"
    />
  );
}

function shown(filter: Filter, value: unknown): string {
  if (filter.kind === "moment" && typeof value === "string") return exact(value);
  const text = Array.isArray(value) ? value.join(",") : String(value);
  return filter.options?.find((option) => option.value === text)?.title ?? text;
}

/** As inputs of a date and a time take it: in the time of this place, without a zone. */
function toLocal(moment: string): string {
  const at = new Date(moment);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
