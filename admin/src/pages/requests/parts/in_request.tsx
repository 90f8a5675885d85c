// The hooks that ran inside of a request, as bars; an opened one shows what it decided, its log and its host calls.
import { useState } from "react";
import type { InvocationDetail } from "../../../api/queries/invocations.ts";
import type { RequestTrace } from "../../../api/queries/requests.ts";
import { duration, plural } from "../../../parts/format.ts";
import { Link } from "../../../parts/link.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Timeline } from "../../../parts/timeline.tsx";
import { HostCalls } from "../../hook/parts/host_calls.tsx";
import { ReplyView } from "../../hook/parts/reply_view.tsx";
import { Logs } from "../../invocations/parts/logs.tsx";
import styles from "./in_request.module.css";
import { spansOf } from "./trace.ts";

export function InRequest({ of }: { of: RequestTrace }) {
  const { spans, totalUs } = spansOf(of);
  const [open, setOpen] = useState<string | null>(() => firstOf(of.invocations));
  return (
    <Section
      title="Hooks that ran"
      lead={`${plural(spans.length, "hook")} within ${duration(totalUs)}; between them is the work of the server.`}
    >
      <Timeline
        label="Hooks in time"
        totalUs={totalUs}
        spans={spans.map((span) => ({
          ...span,
          isOpen: open === span.id,
          onOpen: () => setOpen(open === span.id ? null : span.id),
        }))}
        renderOpen={(id) => {
          const one = of.invocations.find((invocation) => invocation.id === id);
          return one && <Ran of={one} />;
        }}
      />
    </Section>
  );
}

/** One that denied or failed is what somebody came for. */
function firstOf(list: readonly InvocationDetail[]): string | null {
  return list.find((one) => one.outcome !== "allow" && one.outcome !== "patch")?.id ?? null;
}

function Ran({ of }: { of: InvocationDetail }) {
  const params = { ...usePlace(), invocation: of.id };
  return (
    <div className={styles.ran}>
      {of.reply.kind !== "allow" && <ReplyView reply={of.reply} />}
      <Logs of={of.logs} />
      {of.hostCalls.length > 0 && <HostCalls calls={of.hostCalls} />}
      <p>
        <Link to="/p/$project/$environment/calls/$invocation" params={params}>
          Open the invocation
        </Link>
      </p>
    </div>
  );
}
