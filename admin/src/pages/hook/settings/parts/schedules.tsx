// Schedules by name, each with its cron pattern.
import { useState } from "react";
import { Button, IconButton } from "../../../../parts/button.tsx";
import { TextField } from "../../../../parts/field.tsx";
import styles from "../settings.module.css";

type All = Readonly<Record<string, string>>;
type Props = { schedules: All; onChange: (schedules: Record<string, string>) => void; isDisabled: boolean };

export function Schedules({ schedules, onChange, isDisabled }: Props) {
  const [name, setName] = useState("");
  const names = Object.keys(schedules).sort();
  const isName = /^[A-Za-z0-9_-]{1,64}$/.test(name);
  const whyNot = isDisabled
    ? "Nothing can be changed here"
    : !isName
      ? "A name has letters, digits, _ and -"
      : names.includes(name)
        ? "There is a schedule of this name"
        : undefined;
  return (
    <div className={styles.fields}>
      {names.map((one) => (
        <TextField
          key={one}
          name={`schedules.${one}`}
          label={one}
          value={schedules[one] ?? ""}
          onChange={(pattern) => onChange({ ...schedules, [one]: pattern })}
          mono
          isDisabled={isDisabled}
          after={
            <IconButton
              icon="trash"
              label={`Delete the schedule ${one}`}
              whyNot={isDisabled ? "Nothing can be changed here" : undefined}
              onPress={() => {
                const { [one]: _, ...rest } = schedules;
                onChange(rest);
              }}
            />
          }
        />
      ))}
      {!isDisabled && (
        <TextField
          name="new_schedule"
          label="New schedule"
          value={name}
          onChange={setName}
          placeholder="cleanup"
          mono
          autoComplete="off"
          after={
            <Button
              onPress={() => {
                onChange({ ...schedules, [name]: "0 3 * * *" });
                setName("");
              }}
              whyNot={whyNot}
            >
              Add
            </Button>
          }
        />
      )}
    </div>
  );
}
