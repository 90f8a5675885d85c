// What the hook asked of the server: bars in the time of the invocation, each with its arguments and its answer, and the same as
// a table.
import { useState } from "react";
import type { InvocationDetail } from "../../../api/queries/invocations.ts";
import { Button } from "../../../parts/button.tsx";
import { Duration } from "../../../parts/figures.tsx";
import { duration, plural } from "../../../parts/format.ts";
import { JsonView } from "../../../parts/json.tsx";
import { Mark } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { Timeline } from "../../../parts/timeline.tsx";
import { errorOf } from "./effects.ts";
import styles from "./host_calls.module.css";
import { laidOut } from "./spans.ts";
import { subject } from "./subject.ts";

type Call = InvocationDetail["hostCalls"][number] & { number: number };

export function HostCalls({ of }: { of: InvocationDetail }) {
  const [isTable, setTable] = useState(false);
  const calls = of.hostCalls.map((call, index) => ({ ...call, number: index + 1 }));
  if (calls.length === 0) {
    return (
      <Section title="Timeline">
        <p className={styles.dim}>The hook asked nothing of the server: all {duration(of.durationUs)} are its own.</p>
      </Section>
    );
  }
  const laid = laidOut(calls, of.durationUs);
  const lead = `${plural(calls.length, "host call")}; ${duration(laid.ownUs)} of ${duration(of.durationUs)} in the hook itself.${
    laid.isPlaced ? "" : " Their order and lengths are recorded, not the time between them."
  }`;
  return (
    <Section
      title="Timeline"
      lead={lead}
      actions={
        <Button small kind="quiet" onPress={() => setTable(!isTable)}>
          {isTable ? "Show the bars" : "Show as a table"}
        </Button>
      }
    >
      {isTable ? (
        <Table label="Host calls" isCompact rows={calls} rowKey={(call) => String(call.number)} columns={COLUMNS} />
      ) : (
        <Bars calls={calls} totalUs={of.durationUs} />
      )}
    </Section>
  );
}

function Bars({ calls, totalUs }: { calls: Call[]; totalUs: number }) {
  const [open, setOpen] = useState<string | null>(null);
  const { spans } = laidOut(calls, totalUs);
  return (
    <Timeline
      label="Host calls"
      totalUs={Math.max(totalUs, ...spans.map((span) => span.startUs + span.lengthUs))}
      spans={spans.map((span, index) => ({
        ...span,
        tone: span.isFailed ? "fail" : "accent",
        detail: subject(calls[index]?.arguments),
        isOpen: open === span.id,
        onOpen: () => setOpen(open === span.id ? null : span.id),
      }))}
      renderOpen={(id) => {
        const call = calls.find((one) => String(one.number) === id);
        return call && <Asked call={call} />;
      }}
    />
  );
}

function Asked({ call }: { call: Call }) {
  const error = errorOf(call);
  return (
    <div className={styles.asked}>
      {error && (
        <p className={styles.error}>
          {error.code}: {error.message}
        </p>
      )}
      <JsonView value={call.arguments} name="Arguments" isSearchHidden />
      <JsonView value={call.answer} name="Answer" isSearchHidden />
    </div>
  );
}

const COLUMNS: Column<Call>[] = [
  { key: "number", title: "#", width: "44px", phone: "side", align: "end", cell: (call) => call.number },
  { key: "name", title: "Host call", width: "22%", phone: "main", cell: (call) => <code>{call.name}</code> },
  { key: "subject", title: "Asked for", phone: "second", cell: (call) => subject(call.arguments) },
  {
    key: "answer",
    title: "Answer",
    width: "24%",
    phone: "second",
    cell: (call) => {
      const error = errorOf(call);
      if (!error) return subject(call.answer);
      return (
        <span title={error.message}>
          <Mark tone="fail" shape="triangle" word="failed" /> {error.code}
        </span>
      );
    },
  },
  {
    key: "time",
    title: "Time taken",
    width: "92px",
    align: "end",
    phone: "second",
    cell: (call) => <Duration us={call.durationUs} />,
  },
];
