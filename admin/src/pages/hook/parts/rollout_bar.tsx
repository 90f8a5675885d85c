// A rollout that goes on is said on every page of the hook until it ends, but the one that has its figures.
import type { LiveHook } from "../../../../../docs/openapi.d.ts";
import { Time } from "../../../parts/figures.tsx";
import { percentage } from "../../../parts/format.ts";
import { Icon } from "../../../parts/icon.tsx";
import { ButtonLink } from "../../../parts/link.tsx";
import { useHookPage } from "../draft/draft_context.tsx";
import { StopRollout } from "../traffic/parts/stop_rollout.tsx";
import bar from "./bar.module.css";
import { useIsRung } from "./hook_route.ts";

export function RolloutBar({ of }: { of: NonNullable<LiveHook["rollout"]> }) {
  const { place, id } = useHookPage();
  const isShown = useIsRung(of.kind);
  if (isShown) return null;
  return (
    <section className={`${bar.bar} ${bar.calm}`} aria-label={`A ${of.kind} goes on`}>
      <span className={bar.sign}>
        <Icon name="info" />
      </span>
      <div className={bar.words}>
        <strong>
          {of.kind === "canary"
            ? `Version ${of.version} decides ${percentage(of.share)} of the calls in ${place.environment}, as a canary.`
            : `Version ${of.version} is run beside the live one in ${place.environment}, as a shadow: it decides nothing.`}
        </strong>
        <span className={bar.dim}>
          Ends <Time at={of.until} />.
        </span>
      </div>
      <div className={bar.acts}>
        <ButtonLink
          to="/p/$project/$environment/hooks/$hook/traffic"
          params={{ ...place, hook: id.hook }}
          search={{ rung: of.kind }}
        >
          Its figures
        </ButtonLink>
        <StopRollout hook={id.hook} of={of} />
      </div>
    </section>
  );
}
