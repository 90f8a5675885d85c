// Which events an endpoint receives: all, groups, or single types. A choice that a wider one contains is shown as chosen by it.
import { Checkbox } from "../../../parts/field.tsx";
import { FieldGroup } from "../../../parts/form.tsx";
import { plural } from "../../../parts/format.ts";
import { EVERYTHING, groupsOf, isCovered, selected, toggled } from "./event_types.ts";
import styles from "./events_field.module.css";

type Props = { types: readonly string[]; value: readonly string[]; onChange: (value: string[]) => void };

export function EventsField({ types, value, onChange }: Props) {
  const { groups, alone } = groupsOf(types);
  const toggle = (pattern: string) => onChange(toggled(value, pattern));
  const isAll = value.includes(EVERYTHING);
  const tick = (pattern: string, label: string) => (
    <Tick
      key={pattern}
      label={label}
      isSelected={value.includes(pattern) || isCovered(value, pattern)}
      isDisabled={isCovered(value, pattern)}
      onChange={() => toggle(pattern)}
    />
  );
  return (
    <FieldGroup title="Events" lead={said(value, types)}>
      {tick(EVERYTHING, "All events, also those of later versions")}
      {!isAll && (
        <div className={styles.types}>
          <div className={styles.group}>{alone.map((type) => tick(type, type))}</div>
          {groups.map((group) => (
            <div key={group.pattern} className={styles.group}>
              {tick(group.pattern, `${group.pattern}, all of them`)}
              <div className={styles.members}>{group.types.map((type) => tick(type, type))}</div>
            </div>
          ))}
        </div>
      )}
    </FieldGroup>
  );
}

type TickProps = {
  label: string;
  isSelected: boolean;
  isDisabled: boolean;
  onChange: () => void;
};

function Tick(props: TickProps) {
  return <Checkbox name="events" {...props} />;
}

function said(value: readonly string[], types: readonly string[]): string {
  if (value.length === 0) return "Choose at least one.";
  if (value.includes(EVERYTHING)) return "Every event of this environment.";
  return `${plural(selected(value, types).length, "type")} of ${types.length}.`;
}
