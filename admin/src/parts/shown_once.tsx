// Something that is said once: the dialog that shows it, with a way to copy it. Closing it forgets it.
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy.tsx";
import { Dialog } from "./dialog.tsx";
import styles from "./shown_once.module.css";

type Props = {
  title: string;
  /** What it is: "key", "token", "link". */
  what: string;
  /** Nothing is shown while there is none. */
  value: string | null;
  /** It can be read again later, so nothing is lost by closing the dialog. */
  isPublic?: boolean;
  /** What the server keeps of it, if that is not a hash. */
  kept?: string;
  children?: ReactNode;
  onClose: () => void;
};

const HASHED = "The server keeps only a hash of it: if it is lost, make another one.";

export function ShownOnce({ title, what, value, isPublic = false, kept, children, onClose }: Props) {
  const done = (
    <Button kind="primary" onPress={onClose}>
      {isPublic ? "Done" : "I have kept it"}
    </Button>
  );
  return (
    <Dialog title={title} isOpen={value !== null} onClose={onClose} footer={done} isKept={!isPublic}>
      <div className={styles.shown}>
        {!isPublic && (
          <p>
            This {what} is shown once. {kept ?? HASHED}
          </p>
        )}
        <p className={styles.value}>
          <code>{value}</code>
          <CopyButton text={value ?? ""} label={`Copy the ${what}`} />
        </p>
        {children}
      </div>
    </Dialog>
  );
}
