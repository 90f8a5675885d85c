// One entry of the audit log: what changed from what to what, who did it and by which request.

import type { AuditEntry } from "../../../api/queries/audit.ts";
import { Actor } from "../../../parts/actor.tsx";
import { Id } from "../../../parts/copy.tsx";
import { Time } from "../../../parts/figures.tsx";
import { JsonView } from "../../../parts/json.tsx";
import { Facts, Section } from "../../../parts/page.tsx";
import { type Change, readData } from "./entry.ts";
import styles from "./entry_details.module.css";

export function EntryDetails({ entry }: { entry: AuditEntry }) {
  const { changes, rest } = readData(entry.data);
  const hasMore = Object.keys(rest).length > 0;
  return (
    <div className={styles.entry}>
      <Facts
        facts={[
          ["Action", <code key="action">{entry.action}</code>],
          ["When", <Time key="time" at={entry.time} as="exact" />],
          ["By", <Actor key="actor" of={entry.actor} email={entry.actorEmail} />],
          ...(entry.via ? [["Through", <Id key="via">{entry.via}</Id>] as [string, React.ReactNode]] : []),
          ["Target", <Id key="target">{entry.target}</Id>],
          ...(entry.project ? [["Project", entry.project] as [string, React.ReactNode]] : []),
          ...(entry.environment ? [["Environment", entry.environment] as [string, React.ReactNode]] : []),
          ["IP address", entry.ip || "none"],
          ["Request", entry.requestId ? <Id key="request">{entry.requestId}</Id> : "none"],
        ]}
      />
      {changes.length > 0 && (
        <Section title="What changed">
          <Changes changes={changes} />
        </Section>
      )}
      {hasMore && (
        <Section title="Details">
          <JsonView value={rest} name="What else is recorded" />
        </Section>
      )}
    </div>
  );
}

function Changes({ changes }: { changes: Change[] }) {
  return (
    <table className={styles.changes}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.name}>
            <th scope="row">
              <code>{change.name}</code>
            </th>
            <td>
              <Side value={change.before} />
            </td>
            <td>
              <Side value={change.after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Side({ value }: { value: unknown }) {
  if (value === undefined) return <span className={styles.none}>none</span>;
  return <code>{typeof value === "string" ? value : JSON.stringify(value)}</code>;
}
