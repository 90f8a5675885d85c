// The end of a secret, with the live hooks that use it.
import { deleteSecret, type Secret } from "../../../api/queries/secrets.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { plural } from "../../../parts/format.ts";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";

export function DeleteSecret({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const place = usePlace();
  const environment = useEnvironment();
  const remove = async () => {
    await deleteSecret(place, secret.name);
    say(`The secret ${secret.name} is deleted.`);
  };
  return (
    <ConfirmDialog
      title={`Delete the secret ${secret.name}?`}
      consequence={<Consequence secret={secret} />}
      action="Delete the secret"
      isOpen
      onClose={onClose}
      onConfirm={remove}
      environment={environment}
    />
  );
}

function Consequence({ secret }: { secret: Secret }) {
  const hooks = secret.usedBy.map(({ hook }) => hook);
  if (hooks.length === 0) return <p>No live hook declares it. Its value cannot be brought back.</p>;
  return (
    <>
      <p>
        {plural(hooks.length, "live hook uses it and fails", "live hooks use it and fail")} from the next invocation on
        where it is used:
      </p>
      <ul>
        {hooks.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
      <p>Its value cannot be brought back.</p>
    </>
  );
}
