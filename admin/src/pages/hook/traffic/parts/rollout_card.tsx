// A rollout: both versions side by side, what is said of them so far, and what can be done with it.
import type { Rollout, RolloutSide } from "../../../../../../docs/openapi.d.ts";
import { goesOn } from "../../../../api/queries/rollouts.ts";
import { Actor } from "../../../../parts/actor.tsx";
import { Duration, Fuel, Num, PercentOf, Time } from "../../../../parts/figures.tsx";
import { percentage } from "../../../../parts/format.ts";
import { Link } from "../../../../parts/link.tsx";
import { Status } from "../../../../parts/outcome.tsx";
import { Section } from "../../../../parts/page.tsx";
import { PlainText } from "../../../../parts/plain_text.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import { rulesOf, verdictOf } from "../rollouts.ts";
import styles from "../traffic.module.css";
import { RolloutActions } from "./rollout_actions.tsx";
import { ShadowView } from "./shadow_view.tsx";

export function RolloutCard({ rollout }: { rollout: Rollout }) {
  const { place } = useHookPage();
  const isOn = goesOn(rollout);
  const { live, candidate, shadow } = rollout.comparison;
  return (
    <Section
      title={`${rollout.kind === "canary" ? "Canary" : "Shadow"} of version ${rollout.version}`}
      lead={<Lead rollout={rollout} />}
      actions={isOn && <RolloutActions rollout={rollout} />}
    >
      <div className={styles.card}>
        <p className={styles.said} role="status">
          <PlainText>{verdictOf(rollout)}</PlainText>
        </p>
        <div className={styles.matrixScroll}>
          <table className={styles.sides} aria-label="Both versions">
            <thead>
              <tr>
                <td />
                <th scope="col">Calls</th>
                <th scope="col">Failures</th>
                <th scope="col">Denials</th>
                <th scope="col">Time p50</th>
                <th scope="col">Time p95</th>
                <th scope="col">Fuel p95</th>
              </tr>
            </thead>
            <tbody>
              <Side of={live} word="live" />
              <Side of={candidate} word={rollout.kind} />
            </tbody>
          </table>
        </div>
        {shadow && <ShadowView figures={shadow} />}
        {isOn && <p className={styles.dim}>{rulesOf(rollout)}</p>}
        <p className={styles.foot}>
          {rollout.kind === "canary"
            ? "Real replies and effects. A call that it fails is decided by the live version."
            : "Run after the response; nothing outside was changed, and no reply of it counted."}{" "}
          <Link
            to="/p/$project/$environment/calls"
            params={place}
            search={{ hook: rollout.hook, mode: rollout.kind, version: rollout.version }}
          >
            Its invocations
          </Link>
        </p>
      </div>
    </Section>
  );
}

function Lead({ rollout }: { rollout: Rollout }) {
  return (
    <span className={styles.lead}>
      <Status of={rollout.state} />
      <span>
        {percentage(rollout.share)} of {rollout.stickyBy === "user" ? "the users" : "the IP addresses"}
      </span>
      <span>
        since <Time at={rollout.createdAt} /> by <Actor of={rollout.createdBy} />
      </span>
      <span>
        {rollout.endedAt ? (
          <>
            ended <Time at={rollout.endedAt} />
          </>
        ) : (
          <>
            ends <Time at={rollout.until} />
          </>
        )}
      </span>
    </span>
  );
}

function Side({ of, word }: { of: RolloutSide; word: string }) {
  return (
    <tr>
      <th scope="row">
        Version {of.version}, {word}
      </th>
      <td>
        <Num n={of.calls} />
      </td>
      <td>
        <PercentOf n={of.failures} total={of.calls} />
      </td>
      <td>
        <PercentOf n={of.denials} total={of.calls} />
      </td>
      <td>
        <Duration us={of.calls > 0 ? of.timeUs.p50 : null} />
      </td>
      <td>
        <Duration us={of.calls > 0 ? of.timeUs.p95 : null} />
      </td>
      <td>
        <Fuel n={of.calls > 0 ? of.fuel.p95 : null} />
      </td>
    </tr>
  );
}
