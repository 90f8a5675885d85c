// Dialogs: anything in one, and the question before something that cannot be taken back, with its consequence.
import { type ReactNode, useState } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { type ApiError, asApiError } from "../api/errors.ts";
import { Button, IconButton } from "./button.tsx";
import styles from "./dialog.module.css";
import { Checkbox, TextField } from "./field.tsx";
import { Problem } from "./states.tsx";

type DialogProps = {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  size?: "s" | "m" | "l";
  /** Only its own buttons close it: something is shown that will not be shown again. */
  isKept?: boolean;
  role?: "dialog" | "alertdialog";
};

export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  footer,
  size = "m",
  isKept = false,
  role = "dialog",
}: DialogProps) {
  return (
    <ModalOverlay
      className={styles.veil ?? ""}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!isKept}
      isKeyboardDismissDisabled={isKept}
    >
      <Modal className={`${styles.modal} ${styles[size]}`}>
        <AriaDialog role={role} className={styles.dialog ?? ""}>
          <header className={styles.head}>
            <Heading slot="title">{title}</Heading>
            {!isKept && <IconButton icon="close" label="Close" small onPress={onClose} />}
          </header>
          <div className={styles.body}>{children}</div>
          {footer && <footer className={styles.foot}>{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

type ConfirmProps = {
  title: string;
  /** What will be so afterwards, in numbers where there are some. */
  consequence: ReactNode;
  /** What the button says: "Delete 3 versions". */
  action: string;
  kind?: "primary" | "danger";
  isOpen: boolean;
  onClose: () => void;
  onConfirm: () => Promise<unknown> | unknown;
  /** In production the name of the environment has to be ticked. */
  environment?: { name: string; isProduction: boolean } | undefined;
  /** A text that has to be typed: the name of what is deleted for good. */
  typed?: string;
};

export function ConfirmDialog({
  title,
  consequence,
  action,
  kind = "danger",
  isOpen,
  onClose,
  onConfirm,
  environment,
  typed,
}: ConfirmProps) {
  const [isTicked, setTicked] = useState(false);
  const [text, setText] = useState("");
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const close = () => {
    setTicked(false);
    setText("");
    setError(null);
    onClose();
  };
  const confirm = async () => {
    setPending(true);
    setError(null);
    try {
      await onConfirm();
      close();
    } catch (thrown) {
      setError(asApiError(thrown));
    } finally {
      setPending(false);
    }
  };
  const needsTick = environment?.isProduction && !isTicked;
  const needsText = typed !== undefined && text !== typed;
  const whyNot = needsTick ? `Confirm that this is ${environment.name}` : needsText ? `Type ${typed} first` : undefined;
  const footer = (
    <>
      <Button kind="quiet" onPress={close} autoFocus>
        Cancel
      </Button>
      <Button kind={kind} onPress={() => void confirm()} isPending={isPending} whyNot={whyNot}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog title={title} isOpen={isOpen} onClose={close} footer={footer} size="s" role="alertdialog">
      <div className={styles.consequence}>{consequence}</div>
      {environment?.isProduction && (
        <Checkbox name="environment" label={`Yes, in ${environment.name}`} isSelected={isTicked} onChange={setTicked} />
      )}
      {typed !== undefined && (
        <TextField
          name="typed"
          label={`Type ${typed} to confirm`}
          value={text}
          onChange={setText}
          mono
          autoComplete="off"
        />
      )}
      <Problem error={error} />
    </Dialog>
  );
}
