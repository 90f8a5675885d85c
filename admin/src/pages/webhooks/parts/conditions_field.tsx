// The conditions that an event must meet, one per line: where, which test, what it is compared with.
import { Button, IconButton } from "../../../parts/button.tsx";
import { SelectField, TextField } from "../../../parts/field.tsx";
import { FieldGroup } from "../../../parts/form.tsx";
import { type Condition, EMPTY_CONDITION, MOST_CONDITIONS, problemOf, TESTS, type Test } from "./conditions.ts";
import styles from "./conditions_field.module.css";

type Props = { value: Condition[]; onChange: (value: Condition[]) => void };

export function ConditionsField({ value, onChange }: Props) {
  const change = (at: number, part: Partial<Condition>) =>
    onChange(value.map((one, index) => (index === at ? { ...one, ...part } : one)));
  const isFull = value.length >= MOST_CONDITIONS;
  return (
    <FieldGroup
      title="Only events that meet all of these"
      lead={
        value.length === 0
          ? "No conditions: every event of these types is sent."
          : "The path is a JSON Pointer into the event."
      }
    >
      {value.map((condition, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no name of their own
        <Line key={at} at={at} value={condition} onChange={(part) => change(at, part)}>
          <IconButton
            icon="close"
            label={`Remove condition ${at + 1}`}
            onPress={() => onChange(value.filter((_, index) => index !== at))}
          />
        </Line>
      ))}
      <div>
        <Button
          small
          icon="plus"
          whyNot={isFull ? `An endpoint has at most ${MOST_CONDITIONS} conditions` : undefined}
          onPress={() => onChange([...value, EMPTY_CONDITION])}
        >
          Add a condition
        </Button>
      </div>
    </FieldGroup>
  );
}

type LineProps = {
  at: number;
  value: Condition;
  onChange: (part: Partial<Condition>) => void;
  children: React.ReactNode;
};

function Line({ at, value, onChange, children }: LineProps) {
  const problem = value.value === "" && value.path.startsWith("/") ? undefined : problemOf(value);
  return (
    <div className={styles.line}>
      <TextField
        name={`filter[${at}].path`}
        label={`Path ${at + 1}`}
        isLabelHidden
        mono
        value={value.path}
        problem={problem}
        onChange={(path) => onChange({ path })}
      />
      <SelectField
        name={`filter[${at}].test`}
        label={`Test ${at + 1}`}
        isLabelHidden
        options={TESTS}
        value={value.test}
        onChange={(test) => onChange({ test: test as Test, ...(test === "exists" ? { value: "yes" } : {}) })}
      />
      {value.test === "exists" ? (
        <SelectField
          name={`filter[${at}].value`}
          label={`Value ${at + 1}`}
          isLabelHidden
          options={[
            { value: "yes", title: "yes" },
            { value: "no", title: "no" },
          ]}
          value={value.value}
          onChange={(is) => onChange({ value: is })}
        />
      ) : (
        <TextField
          name={`filter[${at}].value`}
          label={`Value ${at + 1}`}
          isLabelHidden
          mono
          placeholder={value.test === "in" ? "one, two" : "@example.com"}
          value={value.value}
          onChange={(text) => onChange({ value: text })}
        />
      )}
      {children}
    </div>
  );
}
