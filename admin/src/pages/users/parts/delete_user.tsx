// The end of an account, with what goes with it.
import { type AdminUser, deleteUser } from "../../../api/queries/users.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";

type Props = { user: AdminUser; onClose: () => void; onDeleted: () => void };

export function DeleteUser({ user, onClose, onDeleted }: Props) {
  const place = usePlace();
  const environment = useEnvironment();
  const remove = async () => {
    await deleteUser(place, user.id);
    say(`${user.email} is deleted.`);
    onDeleted();
  };
  return (
    <ConfirmDialog
      title={`Delete ${user.email}?`}
      consequence={
        <p>
          The account goes with all sessions, second factors and linked identities. It cannot be brought back; the
          address can sign up anew. What the project's own tables hold about the user stays, unless a hook deletes it.
        </p>
      }
      action="Delete the user"
      isOpen
      onClose={onClose}
      onConfirm={remove}
      environment={environment}
      typed={user.email}
    />
  );
}
