// The end of an account of an admin, with what stays.
import { type AdminAccount, deleteAccount } from "../../../api/queries/accounts.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { say } from "../../../parts/toast.tsx";

export function DeleteAccount({ account, onClose }: { account: AdminAccount; onClose: () => void }) {
  const remove = async () => {
    await deleteAccount(account.id);
    say(`The account of ${account.email} is deleted.`);
  };
  return (
    <ConfirmDialog
      title={`Delete the account of ${account.email}?`}
      consequence={
        <p>
          Its sessions and personal tokens end at once, and it loses its role in every project. Keys and tokens of
          projects that it created stay: rotate those that it knows. The last owner of a project cannot be deleted.
        </p>
      }
      action="Delete the account"
      typed={account.email}
      isOpen
      onClose={onClose}
      onConfirm={remove}
    />
  );
}
