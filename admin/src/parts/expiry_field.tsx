// When a key, a token or a ban ends: one of the usual lengths, a day of one's own, or never.

import { dayOf, type Expiry, LENGTHS } from "./expiry.ts";
import { SelectField, TextField } from "./field.tsx";

type Props = {
  label: string;
  /** The name by which the server tells what is wrong with it. */
  name: string;
  value: Expiry;
  onChange: (value: Expiry) => void;
  never: string;
};

export function ExpiryField({ label, name, value, onChange, never }: Props) {
  const options = [
    ...LENGTHS.map(({ id, title }) => ({ value: id, title })),
    { value: "day", title: "On a day…" },
    { value: "never", title: never },
  ];
  const choose = (length: string) =>
    onChange({ length, day: length === "day" ? dayOf(Date.now() + 30 * 86_400_000) : "" });
  return (
    <>
      <SelectField name={name} label={label} options={options} value={value.length} onChange={choose} />
      {value.length === "day" && (
        <TextField
          name={name}
          label="Day"
          type="date"
          hint="It ends when this day begins, in your time zone."
          value={value.day}
          onChange={(day) => onChange({ length: "day", day })}
        />
      )}
    </>
  );
}
