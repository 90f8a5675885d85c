// What an admin can do to a user: end sessions, ban, export, delete.
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type AdminUser, exportUser, unbanUser } from "../../../api/queries/users.ts";
import { Button } from "../../../parts/button.tsx";
import { downloadText } from "../../../parts/download.ts";
import { Menu } from "../../../parts/menu.tsx";
import { usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { say, sayProblem } from "../../../parts/toast.tsx";
import { BanUser } from "./ban_user.tsx";
import { DeleteUser } from "./delete_user.tsx";
import { EndSessions } from "./end_sessions.tsx";
import { ResetPassword } from "./reset_password.tsx";

type Open = "sessions" | "ban" | "reset" | "delete" | null;

export function UserActions({ user }: { user: AdminUser }) {
  const place = usePlace();
  const navigate = useNavigate();
  const rights = useRights();
  const whyNot = rights.why("data:write");
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const unban = () => unbanUser(place, user.id).then(() => say(`The ban of ${user.email} is lifted.`), sayProblem);
  const exportData = () =>
    exportUser(place, user.id).then(
      (data) => downloadText(`${user.id}.json`, JSON.stringify(data, null, 2)),
      sayProblem,
    );
  return (
    <>
      {user.banned ? (
        <Button whyNot={whyNot} onPress={() => void unban()}>
          Lift the ban
        </Button>
      ) : (
        <Button whyNot={whyNot} onPress={() => setOpen("ban")}>
          Ban…
        </Button>
      )}
      <Button whyNot={whyNot} onPress={() => setOpen("sessions")}>
        End all sessions…
      </Button>
      <Menu
        label={`More actions for ${user.email}`}
        items={[
          {
            id: "reset",
            title: "Send a password reset…",
            icon: "mail",
            whyNot,
            onAction: () => setOpen("reset"),
          },
          {
            id: "export",
            title: "Export the data",
            icon: "download",
            hint: "Everything that is stored about the user; noted in the audit log.",
            onAction: () => void exportData(),
          },
          {
            id: "delete",
            title: "Delete the user…",
            icon: "trash",
            isDanger: true,
            whyNot,
            onAction: () => setOpen("delete"),
          },
        ]}
      />
      {open === "sessions" && <EndSessions user={user} onClose={close} />}
      {open === "ban" && <BanUser user={user} onClose={close} />}
      {open === "reset" && <ResetPassword user={user} onClose={close} />}
      {open === "delete" && (
        <DeleteUser
          user={user}
          onClose={close}
          onDeleted={() => void navigate({ to: "/p/$project/$environment/users", params: place })}
        />
      )}
    </>
  );
}
