// The end of a template: of a mail of the server, its own words come back.
import { deleteMailTemplate } from "../../../api/queries/mail_templates.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";

type Props = { name: string; isOwn: boolean; isOpen: boolean; onClose: () => void; onDeleted: () => void };

export function DeleteTemplate({ name, isOwn, isOpen, onClose, onDeleted }: Props) {
  const place = usePlace();
  const environment = useEnvironment();
  const remove = async () => {
    await deleteMailTemplate(place, name);
    say(isOwn ? `${name} is sent in the words of the server again.` : `The template ${name} is deleted.`);
    onDeleted();
  };
  return (
    <ConfirmDialog
      title={isOwn ? `Reset ${name}?` : `Delete the template ${name}?`}
      consequence={
        <p>
          {isOwn
            ? "The next mail is sent in the words of the server. The template is lost."
            : "Hooks that send it fail with not_found from now on. The template is lost."}
        </p>
      }
      action={isOwn ? "Reset the template" : "Delete the template"}
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={remove}
      environment={environment}
    />
  );
}
