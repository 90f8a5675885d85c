// The end of a key, with what that means.
import { type ApiKey, revokeApiKey } from "../../../api/queries/keys.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { Time } from "../../../parts/figures.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";

type Props = { apiKey: ApiKey; isLast: boolean; onClose: () => void };

export function RevokeKey({ apiKey, isLast, onClose }: Props) {
  const place = usePlace();
  const environment = useEnvironment();
  const revoke = async () => {
    await revokeApiKey(place, apiKey.id);
    say("The key is revoked.");
  };
  const consequence = (
    <>
      <p>
        Everything that uses it is refused from now on.{" "}
        {apiKey.lastUsedAt ? (
          <>
            It was last used <Time at={apiKey.lastUsedAt} />.
          </>
        ) : (
          "It was never used."
        )}
      </p>
      {isLast && <p>It is the only key: until another one is created, no app can reach this environment.</p>}
    </>
  );
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.name || `the ${apiKey.kind} key`}?`}
      consequence={consequence}
      action="Revoke the key"
      isOpen
      onClose={onClose}
      onConfirm={revoke}
      environment={environment}
    />
  );
}
