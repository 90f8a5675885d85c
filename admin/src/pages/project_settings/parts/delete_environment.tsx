// The end of an environment, with what goes with it.
import { useQuery } from "@tanstack/react-query";
import type { Place } from "../../../api/client.ts";
import { databaseTables } from "../../../api/queries/database.ts";
import { liveHooks } from "../../../api/queries/hooks.ts";
import { deleteEnvironment } from "../../../api/queries/projects.ts";
import { secrets } from "../../../api/queries/secrets.ts";
import { users } from "../../../api/queries/users.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { plural } from "../../../parts/format.ts";
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
      consequence={<Consequence place={place} />}
      action="Delete the environment"
      typed={name}
      environment={{ name, isProduction: isProduction(name) }}
      isOpen
      onClose={onClose}
      onConfirm={remove}
    />
  );
}

function Consequence({ place }: { place: Place }) {
  const counts = useCounts(place);
  return (
    <>
      <p>
        {counts ? `It has ${counts.join(", ")}. ` : ""}All its users, deployments, settings, tables and its audit log
        are deleted, and its keys stop working at once. Hooks and their versions stay with the project.
      </p>
      <p>It cannot be undone. The name can be used again after about two minutes.</p>
    </>
  );
}

/** What there is to lose, in words; nothing until all of it is known. */
function useCounts(place: Place): string[] | undefined {
  const list = useQuery(users(place, {})).data;
  const live = useQuery(liveHooks(place)).data;
  const tables = useQuery(databaseTables(place)).data;
  const secret = useQuery(secrets(place)).data;
  if (!list || !live || !tables || !secret) return undefined;
  const shown = plural(list.users.length, "user");
  return [
    list.next ? `more than ${shown}` : shown,
    plural(live.hooks.length, "live hook"),
    plural(tables.length, "table"),
    plural(secret.length, "secret"),
  ];
}
