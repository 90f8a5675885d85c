// The end of a token, with what that means.
import { type AdminToken, type Holder, revokeToken } from "../../../api/queries/tokens.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { Time } from "../../../parts/figures.tsx";
import { say } from "../../../parts/toast.tsx";

export function RevokeToken({ holder, token, onClose }: { holder: Holder; token: AdminToken; onClose: () => void }) {
  const revoke = async () => {
    await revokeToken(holder, token.id);
    say(`The token ${token.name} is revoked.`);
  };
  return (
    <ConfirmDialog
      title={`Revoke ${token.name}?`}
      consequence={
        <p>
          Everything that uses it is refused from now on.{" "}
          {token.lastUsedAt ? (
            <>
              It was last used <Time at={token.lastUsedAt} />.
            </>
          ) : (
            "It was never used."
          )}
        </p>
      }
      action="Revoke the token"
      isOpen
      onClose={onClose}
      onConfirm={revoke}
    />
  );
}
