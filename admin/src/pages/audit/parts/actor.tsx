// Who did something: the address of an account, or what kind of key or token it was.
import type { AuditEntry } from "../../../api/queries/audit.ts";
import { readActor } from "./entry.ts";

export function Actor({ entry }: { entry: AuditEntry }) {
  if (entry.actorEmail) return <span title={entry.actor}>{entry.actorEmail}</span>;
  const { kind, id } = readActor(entry.actor);
  return (
    <span title={entry.actor}>
      {kind}
      {id && (
        <>
          {" "}
          <code>{id}</code>
        </>
      )}
    </span>
  );
}
