// The end of an environment, with what goes with it.
import type { Place } from "../../../api/client.ts";
import { deleteEnvironment } from "../../../api/queries/projects.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { isProduction } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";

export function DeleteEnvironment({ place, onClose }: { place: Place; onClose: () => void }) {
  const name = place.environment;
  const remove = async () => {
    await deleteEnvironment(place);
    say(`The environment ${name} is being deleted.`);
  };
  return (
    <ConfirmDialog
      title={`Delete the environment ${name}?`}
      consequence={
        <>
          <p>
            Its users, deployments, settings, database and audit log are deleted, and its keys stop working at once.
            Hooks and their versions stay with the project.
          </p>
          <p>It cannot be undone. The name can be used again after about two minutes.</p>
        </>
      }
      action="Delete the environment"
      typed={name}
      environment={{ name, isProduction: isProduction(name) }}
      isOpen
      onClose={onClose}
      onConfirm={remove}
    />
  );
}
