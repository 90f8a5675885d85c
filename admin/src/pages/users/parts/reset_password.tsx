// The mail with which a user chooses a new password.
import { useNavigate } from "@tanstack/react-router";
import { type AdminUser, sendPasswordReset } from "../../../api/queries/users.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";

export function ResetPassword({ user, onClose }: { user: AdminUser; onClose: () => void }) {
  const place = usePlace();
  const environment = useEnvironment();
  const navigate = useNavigate();
  const send = async () => {
    const mail = await sendPasswordReset(place, user.id);
    say(`The mail to ${user.email} is on its way.`);
    await navigate({ to: "/p/$project/$environment/mails/$mail", params: { ...place, mail } });
  };
  return (
    <ConfirmDialog
      title={`Send a password reset to ${user.email}?`}
      consequence={
        <p>
          The user gets the mail that they would get by requesting it: a link that works once, for one hour. The
          password and all sessions stay until it is used.
        </p>
      }
      action="Send the mail"
      kind="primary"
      isOpen
      onClose={onClose}
      onConfirm={send}
      environment={environment}
    />
  );
}
