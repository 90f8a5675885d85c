// A hook at a hook point or event: its version, what a failure of it means, what it may use, and the ways to edit and test it.
import { useQuery } from "@tanstack/react-query";
import type { DayFigures, EndpointHook } from "../../../api/queries/endpoints.ts";
import { liveHook } from "../../../api/queries/hooks.ts";
import { Duration, Time } from "../../../parts/figures.tsx";
import { percentage, plural } from "../../../parts/format.ts";
import { ButtonLink, Link } from "../../../parts/link.tsx";
import { Outcome, Status } from "../../../parts/outcome.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Tag } from "../../../parts/tag.tsx";
import { Failures } from "../../auth/parts/failures.tsx";
import { CodeSummaryText } from "../../hook/parts/code_summary.tsx";
import styles from "./place.module.css";

type Props = { of: EndpointHook /** The hook point or event. */; at: string };

export function DeployedHook({ of, at }: Props) {
  const place = usePlace();
  const params = { ...place, hook: of.name };
  const live = useQuery(liveHook(place, of.name)).data;
  return (
    <div className={styles.hook}>
      <div className={styles.line}>
        <Link className={styles.name ?? ""} to="/p/$project/$environment/hooks/$hook/code" params={params}>
          {of.name}
        </Link>
        <span className={styles.dim}>v{of.version}</span>
        {of.status === "disabled" && <Status of="disabled" />}
        {of.rollout && (
          <Tag tone={of.rollout.kind === "canary" ? "deny" : "patch"}>
            {of.rollout.kind} of v{of.rollout.version}, {percentage(of.rollout.share)}
          </Tag>
        )}
        {live?.breaker === "open" && <Status of="open" />}
        {live?.problem && <Tag tone="fail">{live.problem}</Tag>}
        <span className={styles.acts}>
          <ButtonLink small icon="edit" to="/p/$project/$environment/hooks/$hook/code" params={params}>
            Edit hook
          </ButtonLink>
          <ButtonLink small kind="quiet" to="/p/$project/$environment/hooks/$hook/test" params={params}>
            Test
          </ButtonLink>
          <ButtonLink small kind="quiet" to="/p/$project/$environment/calls" params={place} search={{ hook: of.name }}>
            Invocations
          </ButtonLink>
        </span>
      </div>
      <CodeSummaryText id={{ project: place.project, hook: of.name }} of={{ version: of.version }} />
      <Day of={of.figures} />
      <p className={styles.dim}>
        {policyOf(of, at)}
        {live &&
          (live.capabilities.length > 0
            ? ` Uses ${live.capabilities.join(", ")}.`
            : " Uses nothing of the SDK but the log.")}
      </p>
    </div>
  );
}

/** The last day, with the way to the newest invocation. */
function Day({ of }: { of: DayFigures }) {
  const place = usePlace();
  if (!of.last) return <p className={styles.dim}>Not run within 24 hours.</p>;
  return (
    <p className={styles.day}>
      Last run{" "}
      <Link
        to="/p/$project/$environment/calls/$invocation"
        params={{ ...place, invocation: of.last.invocation }}
        className={styles.last ?? ""}
      >
        <Outcome of={of.last.outcome} />
      </Link>{" "}
      <Time at={of.last.at} />. In 24 hours <Failures of={of} />,{" "}
      {of.denials > 0 && <>{plural(of.denials, "denial")}, </>}p95 <Duration us={of.p95Us} />.
    </p>
  );
}

function policyOf(of: EndpointHook, at: string): string {
  if (of.failurePolicy === "closed") return "If it fails, the request is refused (closed).";
  if (of.failurePolicy === "open") return "If it fails, the request continues (open).";
  return at.startsWith("auth.") ? "If it fails, it is run again later." : "";
}
