// The end of all sessions of a user.
import { type AdminUser, endSessions } from "../../../api/queries/users.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { plural } from "../../../parts/format.ts";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";

export function EndSessions({ user, onClose }: { user: AdminUser; onClose: () => void }) {
  const place = usePlace();
  const environment = useEnvironment();
  const end = async () => {
    const ended = await endSessions(place, user.id);
    say(ended === 0 ? "There was no session to end." : `${plural(ended, "session")} of ${user.email} ended.`);
  };
  return (
    <ConfirmDialog
      title={`End all sessions of ${user.email}?`}
      consequence={<p>They are logged out everywhere at once, and can log in again.</p>}
      action="End all sessions"
      kind="primary"
      isOpen
      onClose={onClose}
      onConfirm={end}
      environment={environment}
    />
  );
}
