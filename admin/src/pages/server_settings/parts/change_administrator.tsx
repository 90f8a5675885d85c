// Making somebody an administrator of the server, or taking that away.
import { type AdminAccount, changeAccount } from "../../../api/queries/accounts.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { say } from "../../../parts/toast.tsx";

export function ChangeAdministrator({ account, onClose }: { account: AdminAccount; onClose: () => void }) {
  const isRising = !account.isAdministrator;
  const change = async () => {
    await changeAccount(account.id, isRising);
    say(isRising ? `${account.email} is an administrator now.` : `${account.email} is no longer an administrator.`);
  };
  return (
    <ConfirmDialog
      title={isRising ? `Make ${account.email} an administrator?` : `Remove ${account.email} as administrator?`}
      consequence={
        <p>
          {isRising
            ? "They may do everything on this server from their next request on: in every project, with every account, also yours."
            : "From their next request on they may do what their roles in projects allow, and nothing with the server."}
        </p>
      }
      action={isRising ? "Make administrator" : "Remove as administrator"}
      kind={isRising ? "primary" : "danger"}
      isOpen
      onClose={onClose}
      onConfirm={change}
    />
  );
}
