// Going on although a gate failed: with a reason, and for those who may manage the project.
import { Checkbox, TextArea } from "../../../../parts/field.tsx";
import { useRights } from "../../../../parts/rights.ts";
import styles from "../deploy.module.css";

type Props = {
  label: string;
  isForced: boolean;
  onForced: (isForced: boolean) => void;
  reason: string;
  onReason: (reason: string) => void;
};

export function Force({ label, isForced, onForced, reason, onReason }: Props) {
  const missing = useRights().why("project:manage");
  return (
    <div className={styles.force}>
      <Checkbox
        name="force"
        label={label}
        hint={missing ?? "Recorded in the audit log with your reason; you are asked who you are."}
        isSelected={isForced}
        onChange={onForced}
        isDisabled={missing !== undefined}
      />
      {isForced && (
        <TextArea name="reason" label="Why" value={reason} onChange={onReason} rows={2} isRequired autoFocus />
      )}
    </div>
  );
}
