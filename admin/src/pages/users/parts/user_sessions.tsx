// The sessions of a user that have not ended, each with its end.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AdminUser, endSession, type UserSession, userSessions } from "../../../api/queries/users.ts";
import { Button } from "../../../parts/button.tsx";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { Time } from "../../../parts/figures.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { Answer, Empty, Skeleton } from "../../../parts/states.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { say } from "../../../parts/toast.tsx";
import { methodInWords } from "./methods.ts";

export function UserSessions({ user }: { user: AdminUser }) {
  const place = usePlace();
  const environment = useEnvironment();
  const query = useQuery(userSessions(place, user.id));
  const whyNot = useRights().why("data:write");
  const [ending, setEnding] = useState<UserSession | null>(null);
  const end = async () => {
    if (!ending) return;
    await endSession(place, user.id, ending.id);
    say("The session ended.");
  };
  return (
    <Answer
      query={query}
      what="the sessions of the user"
      skeleton={<Skeleton rows={3} />}
      isEmpty={(sessions) => sessions.length === 0}
      empty={<Empty sentence="The user is not logged in anywhere." />}
    >
      {(sessions) => (
        <>
          <Table
            label="Sessions of the user"
            rows={sessions}
            rowKey={(one) => one.id}
            columns={[...COLUMNS, endColumn(whyNot, setEnding)]}
          />
          <ConfirmDialog
            title="End this session?"
            consequence={
              <p>
                Its tokens are refused from now on{ending ? `: the client at ${ending.ip} is logged out` : ""}. The user
                can log in again.
              </p>
            }
            action="End the session"
            kind="primary"
            isOpen={ending !== null}
            onClose={() => setEnding(null)}
            onConfirm={end}
            environment={environment}
          />
        </>
      )}
    </Answer>
  );
}

const COLUMNS: Column<UserSession>[] = [
  {
    key: "client",
    title: "Client",
    phone: "main",
    cell: (one) => <span title={one.userAgent}>{one.userAgent || "no user agent"}</span>,
  },
  { key: "ip", title: "IP address", width: "144px", phone: "second", cell: (one) => <code>{one.ip}</code> },
  {
    key: "method",
    title: "Logged in with",
    width: "144px",
    phone: "second",
    cell: (one) => <span title={one.methods.join(", ")}>{methodInWords(one.provider)}</span>,
  },
  { key: "used", title: "Last used", width: "112px", phone: "second", cell: (one) => <Time at={one.lastUsedAt} /> },
  { key: "created", title: "Began", width: "112px", phone: "hidden", cell: (one) => <Time at={one.createdAt} /> },
  { key: "ends", title: "Ends", width: "112px", phone: "hidden", cell: (one) => <Time at={one.expiresAt} /> },
];

function endColumn(whyNot: string | undefined, onEnd: (session: UserSession) => void): Column<UserSession> {
  return {
    key: "end",
    title: "Actions",
    isTitleHidden: true,
    width: "80px",
    align: "end",
    phone: "side",
    cell: (one) => (
      <Button small whyNot={whyNot} onPress={() => onEnd(one)}>
        End…
      </Button>
    ),
  };
}
