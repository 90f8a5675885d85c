// The two buttons at the end of a form in a dialog, where every dialog has them.
import { Button, type ButtonKind } from "./button.tsx";
import styles from "./dialog.module.css";

type Props = {
  action: string;
  kind?: ButtonKind;
  isPending?: boolean;
  whyNot?: string | undefined;
  onCancel: () => void;
};

export function DialogActions({ action, kind = "primary", isPending = false, whyNot, onCancel }: Props) {
  return (
    <div className={styles.acts}>
      <Button kind="quiet" onPress={onCancel}>
        Cancel
      </Button>
      <Button type="submit" kind={kind} isPending={isPending} whyNot={whyNot}>
        {action}
      </Button>
    </div>
  );
}
