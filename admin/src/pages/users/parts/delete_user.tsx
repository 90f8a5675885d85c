// The end of an account, with what goes with it.
import { useQuery } from "@tanstack/react-query";
import { type AdminUser, deleteUser, userFactors, userIdentities, userSessions } from "../../../api/queries/users.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { plural } from "../../../parts/format.ts";
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
      consequence={<Consequence user={user} />}
      action="Delete the user"
      isOpen
      onClose={onClose}
      onConfirm={remove}
      environment={environment}
      typed={user.email}
    />
  );
}

function Consequence({ user }: { user: AdminUser }) {
  const place = usePlace();
  const sessions = useQuery(userSessions(place, user.id)).data?.length;
  const factors = useQuery(userFactors(place, user.id)).data?.factors.length;
  const identities = useQuery(userIdentities(place, user.id)).data?.length;
  const isKnown = sessions !== undefined && factors !== undefined && identities !== undefined;
  return (
    <>
      <p>
        {isKnown
          ? `With the account go ${plural(sessions, "session")}, ${plural(factors, "second factor")} and ${plural(identities, "linked identity", "linked identities")}.`
          : "With the account go all sessions, second factors and linked identities."}{" "}
        It cannot be brought back; the address can sign up anew.
      </p>
      <p>What the project's own tables hold about the user stays, unless a hook deletes it.</p>
    </>
  );
}
