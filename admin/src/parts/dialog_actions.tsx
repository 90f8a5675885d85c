// The two buttons at the end of a form in a dialog.
import { Button, type ButtonKind } from "./button.tsx";
import { FormActions } from "./form.tsx";

type Props = {
  action: string;
  kind?: ButtonKind;
  isPending: boolean;
  whyNot?: string | undefined;
  onCancel: () => void;
};

export function DialogActions({ action, kind = "primary", isPending, whyNot, onCancel }: Props) {
  return (
    <FormActions>
      <Button type="submit" kind={kind} isPending={isPending} whyNot={whyNot}>
        {action}
      </Button>
      <Button kind="quiet" onPress={onCancel}>
        Cancel
      </Button>
    </FormActions>
  );
}
