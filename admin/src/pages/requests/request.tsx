// One request end to end: the hooks that ran inside of it, what its transaction left, and what ran because of that.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type RequestTrace, requestTrace } from "../../api/queries/requests.ts";
import { Id } from "../../parts/copy.tsx";
import { FactGrid } from "../../parts/fact_grid.tsx";
import { Time } from "../../parts/figures.tsx";
import { Link } from "../../parts/link.tsx";
import { Outcome } from "../../parts/outcome.tsx";
import { Page, Section } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { ShortList } from "../invocations/parts/short_list.tsx";
import { Aftermath } from "./parts/aftermath.tsx";
import { InRequest } from "./parts/in_request.tsx";
import styles from "./request.module.css";

const route = getRouteApi("/frame/p/$project/$environment/requests/$request");

export function Request() {
  const place = usePlace();
  const { request } = route.useParams();
  const query = useQuery(requestTrace(place, request));
  const isUnknown = query.error?.code === "not_found";
  const isJob = request.startsWith("job_");
  return (
    <Page
      title={query.data?.endpoint ?? (isJob ? "Job" : "Request")}
      isCode={Boolean(query.data?.endpoint)}
      back={
        <Link to="/p/$project/$environment/calls" params={place}>
          Invocations
        </Link>
      }
    >
      {isUnknown ? (
        <Empty sentence="Nothing is recorded of this request: no hook ran for it and it left nothing, or its records have expired." />
      ) : (
        <Answer query={query} what="the request" skeleton={<Skeleton kind="text" rows={10} />}>
          {(trace) => <Whole of={trace} />}
        </Answer>
      )}
    </Page>
  );
}

function Whole({ of }: { of: RequestTrace }) {
  const last = of.invocations.at(-1);
  return (
    <>
      <FactGrid
        facts={[
          { name: "When", value: <Time at={of.at} as="exact" />, isWide: true },
          last !== undefined && { name: "Decided by hooks", value: <Outcome of={decisionOf(of)} /> },
          { name: of.id.startsWith("job_") ? "Job" : "Request", value: <Id>{of.id}</Id>, isWide: true },
        ]}
      />
      {!of.isComplete && <p className={styles.cut}>There is more than is shown: at most 100 of each kind.</p>}
      {of.invocations.length > 0 && <InRequest of={of} />}
      <Aftermath of={of} />
      {of.later.length > 0 && (
        <Section title="What ran because of it" lead="Script hooks that handled its jobs, after the request.">
          <ShortList label="Script hooks" of={of.later} />
        </Section>
      )}
    </>
  );
}

/** A denial or a failure ends the request; else the last hook says it. */
function decisionOf(of: RequestTrace): string | undefined {
  const bad = of.invocations.find((one) => one.outcome !== "allow" && one.outcome !== "patch");
  return bad?.outcome ?? of.invocations.find((one) => one.outcome === "patch")?.outcome ?? of.invocations[0]?.outcome;
}
