// How long a key or token that is replaced goes on working beside its successor.
import { SelectField } from "./field.tsx";

type Props = { value: string; onChange: (value: string) => void };

const OPTIONS = [
  { value: "0", title: "Stop the old one at once" },
  { value: "3600", title: "1 hour" },
  { value: "86400", title: "1 day" },
  { value: "604800", title: "7 days" },
  { value: "2592000", title: "30 days" },
];

export function OverlapField({ value, onChange }: Props) {
  return (
    <SelectField
      name="overlapSeconds"
      label="The old one goes on working for"
      hint="Long enough for everything that uses it to get the new one."
      options={OPTIONS}
      value={value}
      onChange={onChange}
    />
  );
}
