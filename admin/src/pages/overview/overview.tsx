// The first page of an environment: what needs somebody, what its hooks did last, what was deployed; and, before there is a hook,
// the way to the first one.
import { useQueries, useQuery } from "@tanstack/react-query";
import { backgroundFailures } from "../../api/queries/background_failures.ts";
import { liveHooks } from "../../api/queries/hooks.ts";
import { lastInvocations } from "../../api/queries/invocations.ts";
import { projectOf } from "../../api/queries/session.ts";
import { Page, Section } from "../../parts/page.tsx";
import { useEnvironment, usePlace } from "../../parts/place.ts";
import { Problem, Skeleton } from "../../parts/states.tsx";
import { Tag } from "../../parts/tag.tsx";
import { needsOf } from "./needs.ts";
import { Deployments } from "./parts/deployments.tsx";
import { FirstHook } from "./parts/first_hook.tsx";
import { NeedList } from "./parts/need_list.tsx";
import { RecentFigures } from "./parts/recent_figures.tsx";
import { RunningRollouts } from "./parts/running_rollouts.tsx";
import { recentOf } from "./recent.ts";

export function Overview() {
  const place = usePlace();
  const environment = useEnvironment();
  const { data: project } = useQuery(projectOf(place.project));
  const [live, background, last] = useQueries({
    queries: [liveHooks(place), backgroundFailures(place), lastInvocations(place)],
  });
  const failed = [live, background, last].find((query) => query.error && query.data === undefined);
  const isKnown = live.data && background.data && last.data;
  const title = project?.name ?? place.project;
  const tags = environment.isProduction ? <Tag tone="deny">{environment.name}</Tag> : <Tag>{environment.name}</Tag>;
  if (failed?.error) {
    return (
      <Page title={title} tags={tags}>
        <Problem error={failed.error} what="the overview" onRetry={() => void failed.refetch()} />
      </Page>
    );
  }
  if (!isKnown) {
    return (
      <Page title={title} tags={tags}>
        <Skeleton rows={8} />
      </Page>
    );
  }
  const known = { live: live.data, background: background.data, invocations: last.data.invocations };
  const isNew = live.data.hooks.length === 0 || (last.data.invocations.length === 0 && (live.data.number ?? 0) <= 1);
  return (
    <Page title={title} tags={tags}>
      {isNew && <FirstHook live={live.data} invocation={last.data.invocations[0]} />}
      <Section title="What needs you">
        <NeedList needs={needsOf(place, known)} hooks={live.data.hooks.length} />
      </Section>
      <RunningRollouts live={live.data} />
      {known.invocations.length > 0 && (
        <Section title="Invocations">
          <RecentFigures recent={recentOf(known.invocations)} />
        </Section>
      )}
      <Deployments place={place} />
    </Page>
  );
}
