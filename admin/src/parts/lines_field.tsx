// A list in a form: one item on a line. What is typed stays as it was typed; what is read of it is what counts.
import { type ReactNode, useState } from "react";
import { TextArea } from "./field.tsx";
import { readLines } from "./lines.ts";

type Props = {
  name: string;
  label: string;
  value: readonly string[];
  onChange: (value: string[]) => void;
  hint?: ReactNode;
  placeholder?: string;
  isDisabled?: boolean;
};

export function LinesField({ value, onChange, ...rest }: Props) {
  const [typed, setTyped] = useState(value.join("\n"));
  // What comes from elsewhere, such as a discarded change, replaces what was typed; spaces and empty lines are no change.
  const isOwn = JSON.stringify(readLines(typed)) === JSON.stringify(value);
  const text = isOwn ? typed : value.join("\n");
  const change = (next: string) => {
    setTyped(next);
    onChange(readLines(next));
  };
  return (
    <TextArea {...rest} mono rows={Math.min(8, Math.max(3, text.split("\n").length))} value={text} onChange={change} />
  );
}
