// A text that is to be JSON: says at once, with line and column, where it is none.
import { useDeferredValue, useMemo } from "react";
import { Button } from "../../../../parts/button.tsx";
import { TextArea } from "../../../../parts/field.tsx";
import { parse, pretty } from "../test_input.ts";
import styles from "./test_input.module.css";

type Props = {
  name: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  rows: number;
  hint?: string;
  /** Put in by a button while there is nothing. */
  example?: string;
  isOptional?: boolean;
  /** It is no JSON after all. */
  isText?: boolean;
};

export function JsonField({ name, label, value, onChange, rows, hint, example, isOptional, isText }: Props) {
  const typed = useDeferredValue(value);
  const read = useMemo(
    () => (isText || (isOptional && typed.trim() === "") ? null : parse(typed)),
    [typed, isText, isOptional],
  );
  const problem = read && "problem" in read ? read.problem : null;
  return (
    <div className={styles.json}>
      <TextArea
        name={name}
        label={label}
        value={value}
        onChange={onChange}
        rows={rows}
        mono
        hint={hint}
        problem={problem ? `Line ${problem.line}, column ${problem.column}: ${problem.message}` : undefined}
      />
      <div className={styles.tools}>
        {read && "value" in read && value !== pretty(read.value) && (
          <Button small kind="quiet" onPress={() => onChange(pretty(read.value))}>
            Format
          </Button>
        )}
        {example && value.trim() === "" && (
          <Button small kind="quiet" onPress={() => onChange(example)}>
            Insert an example
          </Button>
        )}
      </div>
    </div>
  );
}
