// Conditions on the rows of a table: those that hold, and one more.
import { useState } from "react";
import type { DatabaseColumn } from "../../../api/queries/database.ts";
import { Button, IconButton } from "../../../parts/button.tsx";
import { SelectField, TextField } from "../../../parts/field.tsx";
import styles from "./condition_bar.module.css";
import { type Condition, conditionInWords, MOST_CONDITIONS, makeCondition, type Operator } from "./conditions.ts";

type Props = {
  columns: readonly DatabaseColumn[];
  conditions: readonly Condition[];
  onChange: (conditions: Condition[]) => void;
  order: "desc" | undefined;
  onOrder: (order: "desc" | undefined) => void;
};

const OPERATORS: { value: Operator; title: string }[] = [
  { value: "eq", title: "equals" },
  { value: "prefix", title: "begins with" },
  { value: "null", title: "is NULL" },
];

const ORDERS = [
  { value: "asc", title: "First rows first" },
  { value: "desc", title: "Last rows first" },
];

export function ConditionBar({ columns, conditions, onChange, order, onOrder }: Props) {
  const first = columns[0]?.name ?? "";
  const [column, setColumn] = useState(first);
  const [operator, setOperator] = useState<Operator>("eq");
  const [typed, setTyped] = useState("");
  const add = () => {
    const type = columns.find((one) => one.name === column)?.type ?? "";
    onChange([...conditions, makeCondition(column, operator, typed, type)]);
    setTyped("");
  };
  return (
    <search className={styles.bar} aria-label="Conditions on the rows">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <SelectField
          name="column"
          label="Column"
          isLabelHidden
          options={columns.map(({ name }) => ({ value: name, title: name }))}
          value={column}
          onChange={setColumn}
        />
        <SelectField
          name="operator"
          label="Condition"
          isLabelHidden
          options={OPERATORS}
          value={operator}
          onChange={(next) => setOperator(next as Operator)}
        />
        {operator !== "null" && (
          <TextField
            name="value"
            label="Value"
            isLabelHidden
            placeholder="Value"
            mono
            value={typed}
            onChange={setTyped}
          />
        )}
        <Button
          type="submit"
          whyNot={conditions.length >= MOST_CONDITIONS ? `At most ${MOST_CONDITIONS} conditions` : undefined}
        >
          Add the condition
        </Button>
      </form>
      <SelectField
        name="order"
        label="Order"
        isLabelHidden
        options={ORDERS}
        value={order ?? "asc"}
        onChange={(next) => onOrder(next === "desc" ? "desc" : undefined)}
      />
      {conditions.length > 0 && (
        <ul className={styles.chips}>
          {conditions.map((condition, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: one condition may be there twice
            <li key={index} className={styles.chip}>
              <code>{conditionInWords(condition)}</code>
              <IconButton
                icon="close"
                small
                label={`Remove the condition ${conditionInWords(condition)}`}
                onPress={() => onChange(conditions.filter((_, at) => at !== index))}
              />
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}
