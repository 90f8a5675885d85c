// The fields of forms: label above, help below, the server's problem under the field it is about.
import { type ReactNode, useState } from "react";
import {
  Checkbox as AriaCheckbox,
  ComboBox as AriaComboBox,
  Input as AriaInput,
  Select as AriaSelect,
  Switch as AriaSwitch,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  Button,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
} from "react-aria-components";
import styles from "./field.module.css";
import { useFieldProblem } from "./form.tsx";
import { Icon } from "./icon.tsx";

type Common = {
  /** As in the request, so that the server's problem finds its field. */
  name: string;
  label: string;
  hint?: ReactNode;
  /** What is wrong with it, if it is not the server that says so. */
  problem?: string | undefined;
  isRequired?: boolean;
  isDisabled?: boolean;
  /** The label is for screen readers only: the place says what it is. */
  isLabelHidden?: boolean;
};

function useProblem(name: string, problem: string | undefined): string | undefined {
  const ofServer = useFieldProblem(name);
  return problem ?? ofServer;
}

function Frame({
  label,
  hint,
  problem,
  isLabelHidden,
  children,
}: Pick<Common, "label" | "hint" | "problem" | "isLabelHidden"> & { children: ReactNode }) {
  return (
    <>
      <Label className={isLabelHidden ? "hidden-visually" : (styles.label ?? "")}>{label}</Label>
      {children}
      {hint && (
        <Text slot="description" className={styles.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.problem ?? ""}>{problem}</FieldError>
    </>
  );
}

type TextProps = Common & {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "password" | "url" | "search" | "tel" | "date" | "datetime-local";
  placeholder?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  mono?: boolean;
  inputMode?: "text" | "numeric" | "decimal";
  /** Beside the input: a unit, a button. */
  after?: ReactNode;
  maxLength?: number;
  /** As wide as a number, not as the form. */
  isNarrow?: boolean;
};

export function TextField(props: TextProps) {
  const problem = useProblem(props.name, props.problem);
  return (
    <AriaTextField
      className={styles.field ?? ""}
      name={props.name}
      value={props.value}
      onChange={props.onChange}
      type={props.type ?? "text"}
      isInvalid={problem !== undefined}
      isRequired={props.isRequired ?? false}
      isDisabled={props.isDisabled ?? false}
      autoFocus={props.autoFocus ?? false}
      {...given({ autoComplete: props.autoComplete, inputMode: props.inputMode, maxLength: props.maxLength })}
    >
      <Frame {...props} problem={problem}>
        <span className={styles.line}>
          <AriaInput
            className={`${styles.input} ${props.mono ? styles.mono : ""} ${props.isNarrow ? styles.narrow : ""}`}
            spellCheck={false}
            {...given({ placeholder: props.placeholder })}
          />
          {props.after}
        </span>
      </Frame>
    </AriaTextField>
  );
}

type TextAreaProps = Common & {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  mono?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
};

export function TextArea(props: TextAreaProps) {
  const problem = useProblem(props.name, props.problem);
  return (
    <AriaTextField
      className={styles.field ?? ""}
      name={props.name}
      value={props.value}
      onChange={props.onChange}
      isInvalid={problem !== undefined}
      isRequired={props.isRequired ?? false}
      isDisabled={props.isDisabled ?? false}
      autoFocus={props.autoFocus ?? false}
    >
      <Frame {...props} problem={problem}>
        <AriaTextArea
          className={`${styles.input} ${styles.area} ${props.mono ? styles.mono : ""}`}
          rows={props.rows ?? 4}
          spellCheck={!props.mono}
          {...given({ placeholder: props.placeholder })}
        />
      </Frame>
    </AriaTextField>
  );
}

type NumberProps = Common & {
  value: number | null;
  onChange: (value: number | null) => void;
  unit?: string;
  min?: number;
  max?: number;
  placeholder?: string;
};

/** A number typed as text: no steppers, no wheel that changes it by accident. Not a number is a problem, not a zero. */
export function NumberField({ value, onChange, unit, min, max, ...props }: NumberProps) {
  // While it is typed, "0." is a zero that goes on.
  const [typed, setTyped] = useState("");
  const shown = value === null || Number.isNaN(value) ? "" : String(value);
  const range =
    min !== undefined && max !== undefined
      ? `${min} to ${max}`
      : min !== undefined
        ? `at least ${min}`
        : max !== undefined
          ? `at most ${max}`
          : undefined;
  const isOutside = value !== null && ((min !== undefined && value < min) || (max !== undefined && value > max));
  return (
    <TextField
      {...props}
      isNarrow
      value={numberOf(typed) === value ? typed : shown}
      onChange={(next) => {
        const digits = next.replace(/[^\d.-]/g, "");
        setTyped(digits);
        onChange(numberOf(digits));
      }}
      inputMode="decimal"
      problem={props.problem ?? (isOutside ? `Must be ${range}` : undefined)}
      after={unit ? <span className={styles.unit}>{unit}</span> : undefined}
    />
  );
}

function numberOf(digits: string): number | null {
  return digits === "" || Number.isNaN(Number(digits)) ? null : Number(digits);
}

export type Option = { value: string; title: string; hint?: string };

type SelectProps = Common & {
  value: string | null;
  onChange: (value: string) => void;
  options: readonly Option[];
  placeholder?: string;
};

export function SelectField(props: SelectProps) {
  const problem = useProblem(props.name, props.problem);
  return (
    <AriaSelect
      className={styles.field ?? ""}
      name={props.name}
      value={props.value}
      onChange={(key) => key !== null && props.onChange(String(key))}
      isInvalid={problem !== undefined}
      isRequired={props.isRequired ?? false}
      isDisabled={props.isDisabled ?? false}
      placeholder={props.placeholder ?? "Choose"}
    >
      <Frame {...props} problem={problem}>
        <Button className={`${styles.input} ${styles.select}`}>
          <SelectValue className={styles.chosen ?? ""} />
          <Icon name="down" />
        </Button>
        <Popover className={styles.popover ?? ""} offset={4}>
          <Options options={props.options} />
        </Popover>
      </Frame>
    </AriaSelect>
  );
}

type ComboProps = Common & {
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
  /** Whether a text that is none of the options is a value as well. */
  allowsCustom?: boolean;
  placeholder?: string;
  mono?: boolean;
};

export function ComboBox(props: ComboProps) {
  const problem = useProblem(props.name, props.problem);
  return (
    <AriaComboBox
      className={styles.field ?? ""}
      name={props.name}
      defaultItems={props.options}
      inputValue={props.value}
      onInputChange={props.onChange}
      onChange={(key) => {
        if (key !== null && typeof key !== "object") props.onChange(String(key));
      }}
      allowsCustomValue={props.allowsCustom ?? false}
      isInvalid={problem !== undefined}
      isRequired={props.isRequired ?? false}
      isDisabled={props.isDisabled ?? false}
      menuTrigger="focus"
    >
      <Frame {...props} problem={problem}>
        <span className={styles.line}>
          <AriaInput
            className={`${styles.input} ${props.mono ? styles.mono : ""}`}
            {...given({ placeholder: props.placeholder })}
          />
          <Button className={styles.opener ?? ""}>
            <Icon name="down" />
          </Button>
        </span>
        <Popover className={styles.popover ?? ""} offset={4}>
          <Options options={props.options} />
        </Popover>
      </Frame>
    </AriaComboBox>
  );
}

function Options({ options }: { options: readonly Option[] }) {
  return (
    <ListBox className={styles.options ?? ""} items={options.map((option) => ({ ...option, id: option.value }))}>
      {(option) => (
        <ListBoxItem id={option.value} textValue={option.title} className={styles.option ?? ""}>
          <Text slot="label">{option.title}</Text>
          {option.hint && (
            <Text slot="description" className={styles.hint ?? ""}>
              {option.hint}
            </Text>
          )}
        </ListBoxItem>
      )}
    </ListBox>
  );
}

type TickProps = Omit<Common, "isRequired"> & { isSelected: boolean; onChange: (isSelected: boolean) => void };

export function Checkbox({ name, label, hint, isSelected, onChange, isDisabled = false, problem: own }: TickProps) {
  const problem = useProblem(name, own);
  return (
    <div className={styles.tickField}>
      <AriaCheckbox
        className={styles.tick ?? ""}
        name={name}
        isSelected={isSelected}
        onChange={onChange}
        isDisabled={isDisabled}
        isInvalid={problem !== undefined}
      >
        <span className={styles.box} aria-hidden="true">
          <Icon name="check" size={12} />
        </span>
        <TickWords label={label} hint={hint} />
      </AriaCheckbox>
      {problem && <p className={styles.problem}>{problem}</p>}
    </div>
  );
}

export function Switch({ name, label, hint, isSelected, onChange, isDisabled = false, problem: own }: TickProps) {
  const problem = useProblem(name, own);
  return (
    <div className={styles.tickField}>
      <AriaSwitch
        className={styles.tick ?? ""}
        name={name}
        isSelected={isSelected}
        onChange={onChange}
        isDisabled={isDisabled}
      >
        <span className={styles.track} aria-hidden="true" />
        <TickWords label={label} hint={hint} />
      </AriaSwitch>
      {problem && <p className={styles.problem}>{problem}</p>}
    </div>
  );
}

function TickWords({ label, hint }: { label: string; hint: ReactNode }) {
  return (
    <span className={styles.tickWords}>
      {label}
      {hint && <span className={styles.hint}>{hint}</span>}
    </span>
  );
}

/** Without what was not given: parts of the library take an absent property for another thing than an undefined one. */
function given<T extends object>(properties: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as never;
}
