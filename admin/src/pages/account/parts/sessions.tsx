// Where somebody is signed in: each session can be ended, and all but this one at once.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AdminSession } from "../../../../../docs/openapi.d.ts";
import { endOtherSessions, endSession, ownSessions } from "../../../api/queries/account.ts";
import { Button } from "../../../parts/button.tsx";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { Time } from "../../../parts/figures.tsx";
import { plural } from "../../../parts/format.ts";
import { Section } from "../../../parts/page.tsx";
import { Answer } from "../../../parts/states.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { Tag } from "../../../parts/tag.tsx";
import { say, sayProblem } from "../../../parts/toast.tsx";
import { browserOf } from "./user_agent.ts";

export function Sessions() {
  const query = useQuery(ownSessions);
  const [isAsking, setAsking] = useState(false);
  const others = (query.data?.sessions.length ?? 1) - 1;
  const end = (
    <Button onPress={() => setAsking(true)} whyNot={others > 0 ? undefined : "There are no others"}>
      End the others
    </Button>
  );
  return (
    <Section title="Sessions" lead="A session ends after 12 hours without use, and after seven days." actions={end}>
      <Answer query={query} what="your sessions">
        {(data) => <Table label="Sessions" columns={columns} rows={data.sessions} rowKey={(session) => session.id} />}
      </Answer>
      <ConfirmDialog
        title="End your other sessions"
        consequence={`${plural(others, "other session")} of yours will end at once. Whoever uses them has to sign in again.`}
        action={`End ${plural(others, "session")}`}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await endOtherSessions();
          say("Your other sessions have ended.");
        }}
      />
    </Section>
  );
}

const columns: Column<AdminSession>[] = [
  {
    key: "browser",
    title: "Browser",
    cell: (session) => (
      <span title={session.userAgent}>
        {browserOf(session.userAgent)} {session.isCurrent && <Tag tone="accent">this one</Tag>}
      </span>
    ),
  },
  { key: "ip", title: "Address", width: "18%", cell: (session) => <code>{session.ip}</code> },
  { key: "created", title: "Signed in", width: "16%", cell: (session) => <Time at={session.createdAt} /> },
  { key: "seen", title: "Last used", width: "16%", cell: (session) => <Time at={session.lastSeenAt} /> },
  {
    key: "end",
    title: "End",
    width: "88px",
    align: "end",
    isTitleHidden: true,
    phone: "side",
    cell: (session) => <EndSession session={session} />,
  },
];

function EndSession({ session }: { session: AdminSession }) {
  const end = useMutation({
    mutationFn: () => endSession(session.id),
    onSuccess: () => say("The session has ended."),
    onError: sayProblem,
  });
  return (
    <Button
      small
      kind="quiet"
      onPress={() => end.mutate()}
      isPending={end.isPending}
      whyNot={session.isCurrent ? "This is the session that you use: sign out instead" : undefined}
    >
      End
    </Button>
  );
}
