// One of a few ways to look at the same thing, side by side: text or HTML, table or chart. What it changes is right below it.
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import styles from "./choice.module.css";

type Props<T extends string> = {
  label: string;
  options: readonly { value: T; title: string }[];
  /** None is chosen if what is shown is none of them. */
  value: T | undefined;
  onChange: (value: T) => void;
};

export function Choice<T extends string>({ label, options, value, onChange }: Props<T>) {
  return (
    <ToggleButtonGroup
      className={styles.choice ?? ""}
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={value === undefined ? [] : [value]}
      onSelectionChange={(keys) => {
        const chosen = options.find((option) => keys.has(option.value));
        if (chosen) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <ToggleButton key={option.value} id={option.value} className={styles.option ?? ""}>
          {option.title}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
