// The page around the tabs of one hook: its name, what is live, the state of its draft, and what needs a decision.
import { Outlet } from "@tanstack/react-router";
import type { HookSummary } from "../../../../docs/openapi.d.ts";
import { ButtonLink, Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { RouteTabs } from "../../parts/tabs.tsx";
import { BehindBar } from "./draft/behind_bar.tsx";
import { ConflictBar } from "./draft/conflict_bar.tsx";
import { type HookPage, HookPageProvider, useHook } from "./draft/draft_context.tsx";
import { CodeSummaryText } from "./parts/code_summary.tsx";
import { hookRoute, useIsTab } from "./parts/hook_route.ts";
import { HookTags } from "./parts/hook_tags.tsx";
import { RolloutBar } from "./parts/rollout_bar.tsx";

export function Hook() {
  const { hook } = hookRoute.useParams();
  // Another hook is another page: nothing of this one stays.
  return <HookOf key={hook} hook={hook} />;
}

function HookOf({ hook }: { hook: string }) {
  const place = usePlace();
  const { id, summary, live, draft, session, begin, end } = useHook(place, hook);
  const isWaiting = live.isPending || draft.isPending || (Boolean(draft.data) && !session);
  return (
    <Answer query={summary} what="the hook" skeleton={<HookSkeleton hook={hook} />}>
      {(found) => {
        if (!found && !session) return <NoSuchHook hook={hook} />;
        if (isWaiting && !draft.error && !live.error) return <HookSkeleton hook={hook} />;
        const page: HookPage = {
          id,
          place,
          summary: found ?? unknown(hook),
          live: live.data ?? null,
          session,
          begin,
          end,
        };
        return (
          <HookPageProvider page={page}>
            <HookHead page={page}>
              <Answer query={live} what="the live hooks">
                {() => (
                  <Answer query={draft} what="the draft">
                    {() => <Outlet />}
                  </Answer>
                )}
              </Answer>
            </HookHead>
          </HookPageProvider>
        );
      }}
    </Answer>
  );
}

function HookHead({ page, children }: { page: HookPage; children: React.ReactNode }) {
  const { place, session } = page;
  const params = { ...place, hook: page.id.hook };
  const isDeploy = useIsTab("deploy");
  // Beside the code there is no room for it, and no need.
  const isCode = useIsTab("code");
  const number = page.live?.number ?? page.summary.newest;
  return (
    <Page
      title={page.id.hook}
      isCode
      width="full"
      back={
        <Link to="/p/$project/$environment/hooks" params={place}>
          Hooks
        </Link>
      }
      tags={<HookTags page={page} />}
      lead={number !== null && !isCode && <CodeSummaryText id={page.id} of={{ version: number }} />}
      actions={
        !isDeploy && (
          <ButtonLink kind="primary" icon="rocket" to="/p/$project/$environment/hooks/$hook/deploy" params={params}>
            Deploy…
          </ButtonLink>
        )
      }
      tabs={<RouteTabs label="Pages of the hook" tabs={tabsOf(params)} />}
    >
      {page.live?.rollout && <RolloutBar of={page.live.rollout} />}
      {session && <ConflictBar session={session} />}
      {session && <BehindBar session={session} />}
      {children}
    </Page>
  );
}

type Params = { project: string; environment: string; hook: string };

function tabsOf(params: Params) {
  const at = <T extends string>(tab: T) => ({ to: `/p/$project/$environment/hooks/$hook/${tab}` as const, params });
  return [
    { title: "Code", ...at("code") },
    { title: "Test", ...at("test") },
    { title: "Try on traffic", ...at("traffic") },
    { title: "Deploy", ...at("deploy") },
    { title: "Version history", ...at("history") },
    { title: "Settings", ...at("settings") },
    { title: "Invocations", ...at("calls") },
  ];
}

/** A hook whose draft is here and that the list does not have yet. */
function unknown(name: string): HookSummary {
  return { name, versions: 0, newest: null, draft: null, live: [] };
}

function HookSkeleton({ hook }: { hook: string }) {
  return (
    <Page title={hook} isCode width="full">
      <Skeleton rows={10} kind="text" />
    </Page>
  );
}

function NoSuchHook({ hook }: { hook: string }) {
  const place = usePlace();
  return (
    <Page title={hook} isCode>
      <Empty
        sentence={`The project has no hook ${hook}, or it has neither a version nor a draft any more.`}
        action={
          <ButtonLink to="/p/$project/$environment/hooks" params={place}>
            All hooks
          </ButtonLink>
        }
      />
    </Page>
  );
}
