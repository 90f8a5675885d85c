// The last deployments: which is live, what its author said of it, and who it was.
import { useQuery } from "@tanstack/react-query";
import type { Deployment } from "../../../../../docs/openapi.d.ts";
import type { Place } from "../../../api/client.ts";
import { deploymentsOf } from "../../../api/queries/deployments.ts";
import { Actor } from "../../../parts/actor.tsx";
import { Time } from "../../../parts/figures.tsx";
import { Section } from "../../../parts/page.tsx";
import { PlainText } from "../../../parts/plain_text.tsx";
import { Answer, Empty } from "../../../parts/states.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { Tag } from "../../../parts/tag.tsx";

/** As many as fit beside everything else. */
const SHOWN = 5;

export function Deployments({ place }: { place: Place }) {
  const answer = useQuery(deploymentsOf(place));
  return (
    <Section title="Last deployments">
      <Answer
        query={answer}
        what="the deployments"
        skeleton={null}
        isEmpty={(data) => data.deployments.length === 0}
        empty={<Empty sentence="Nothing was deployed here yet." />}
      >
        {(data) => (
          <Table
            label="Last deployments"
            columns={columnsFor(data.deployments[0]?.number)}
            rows={data.deployments.slice(0, SHOWN)}
            rowKey={(one) => one.id}
          />
        )}
      </Answer>
    </Section>
  );
}

function columnsFor(live: number | undefined): Column<Deployment>[] {
  return [
    {
      key: "number",
      title: "Deployment",
      width: "140px",
      cell: (one) => (
        <>
          {one.number} {one.number === live && <Tag tone="allow">live</Tag>}
        </>
      ),
    },
    { key: "message", title: "Message", cell: (one) => (one.message ? <PlainText>{one.message}</PlainText> : "–") },
    { key: "by", title: "By", width: "26%", cell: (one) => <Actor of={one.createdBy} /> },
    { key: "at", title: "When", width: "120px", cell: (one) => <Time at={one.createdAt} />, phone: "side" },
  ];
}
