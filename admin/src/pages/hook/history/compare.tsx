// Two versions of a hook, or a version and the draft: sources, permissions, hook points, limits, schedules and packages.
import { useQuery } from "@tanstack/react-query";
import type { ComparedSide, HookComparison, ManifestChanges } from "../../../../../docs/openapi.d.ts";
import { comparison, type Side } from "../../../api/queries/versions.ts";
import { IconButton } from "../../../parts/button.tsx";
import { SelectField } from "../../../parts/field.tsx";
import { number as formatted } from "../../../parts/format.ts";
import { Section } from "../../../parts/page.tsx";
import { Answer, Empty, Skeleton } from "../../../parts/states.tsx";
import { difference } from "../deploy/preview.ts";
import { useDraftIfAny, useHookPage } from "../draft/draft_context.tsx";
import { Differences } from "../parts/differences.tsx";
import { compareRoute } from "../parts/hook_route.ts";
import { Plus } from "../parts/plus.tsx";
import styles from "./compare.module.css";
import { readPair } from "./pair.ts";

export function Compare() {
  const { pair } = compareRoute.useParams();
  const sides = readPair(pair);
  if (!sides) return <Empty sentence={`${pair} is no pair of versions: write it as 12..13 or 13..draft.`} />;
  return <Pair a={sides.a} b={sides.b} />;
}

function Pair({ a, b }: { a: Side; b: Side }) {
  const { id, session, summary } = useHookPage();
  const navigate = compareRoute.useNavigate();
  const revision = useDraftIfAny(session, ({ state }) => state.saved.revision);
  const isOfDraft = a === "draft" || b === "draft";
  const query = useQuery(comparison(id, a, b, isOfDraft ? (revision ?? 0) : undefined));
  const go = (left: Side, right: Side) =>
    void navigate({
      to: "/p/$project/$environment/hooks/$hook/history/$pair",
      params: (now) => ({ ...now, pair: `${left}..${right}` }),
      replace: true,
    });
  const numbers = Array.from({ length: summary.newest ?? 0 }, (_, at) => (summary.newest ?? 0) - at);
  const options = [
    ...(session ? [{ value: "draft", title: `Draft r${revision ?? "?"}` }] : []),
    ...numbers.map((number) => ({ value: String(number), title: `Version ${number}` })),
  ];
  const sideOf = (value: string): Side => (value === "draft" ? value : Number(value));
  return (
    <div className={styles.compare}>
      <div className={styles.sides}>
        <SelectField
          name="a"
          label="From"
          value={String(a)}
          onChange={(value) => go(sideOf(value), b)}
          options={options}
        />
        <IconButton icon="refresh" label="Swap both sides" onPress={() => go(b, a)} />
        <SelectField
          name="b"
          label="To"
          value={String(b)}
          onChange={(value) => go(a, sideOf(value))}
          options={options}
        />
      </div>
      <Answer query={query} what="the comparison" skeleton={<Skeleton kind="text" rows={12} />}>
        {(found) => <Found found={found} />}
      </Answer>
    </div>
  );
}

function Found({ found }: { found: HookComparison }) {
  const { file } = compareRoute.useSearch();
  const navigate = compareRoute.useNavigate();
  const before = nameOf(found.a);
  const after = nameOf(found.b);
  return (
    <>
      <Manifests found={found} />
      <Section title="Source">
        {found.files ? (
          <Differences
            files={found.files}
            before={before}
            after={after}
            path={file}
            onPath={(path) => void navigate({ search: { file: path }, replace: true })}
          />
        ) : (
          <Empty sentence={`${noSources(found)} carries no sources, so only the manifests are compared.`} />
        )}
      </Section>
    </>
  );
}

function nameOf(side: ComparedSide): string {
  return side.number === null ? `draft r${side.revision}` : `version ${side.number}`;
}

function noSources(found: HookComparison): string {
  const side = found.a.sources === "none" ? found.a : found.b;
  return nameOf(side).replace(/^./, (first) => first.toUpperCase());
}

function Manifests({ found }: { found: HookComparison }) {
  const changes = useChanges(found);
  const packages = found.packages ?? [];
  if (!changes) return <p className={styles.dim}>What the draft says of itself is known once it compiles.</p>;
  const isSame = [...Object.values(changes.capabilities), ...Object.values(changes.points)].every(
    (one) => one.length === 0,
  );
  if (isSame && changes.limits.length + changes.schedules.length + packages.length === 0) {
    return <p className={styles.dim}>Permissions, hook points, limits and schedules are the same.</p>;
  }
  return (
    <dl className={styles.facts}>
      <Fact name="Permissions">
        <Plus sets={changes.capabilities} empty="the same" />
      </Fact>
      <Fact name="Called at">
        <Plus sets={changes.points} empty="the same" />
      </Fact>
      {changes.limits.map((one) => (
        <Fact key={one.name} name={`Limit ${one.name}`}>
          <BeforeAfter before={shown(one.before)} after={shown(one.after)} />
        </Fact>
      ))}
      {changes.schedules.map((one) => (
        <Fact key={one.name} name={`Schedule ${one.name}`}>
          <BeforeAfter before={one.before ?? "none"} after={one.after ?? "none"} />
        </Fact>
      ))}
      {packages.map((one) => (
        <Fact key={one.name} name={`Package ${one.name}`}>
          <BeforeAfter before={one.before ?? "none"} after={one.after ?? "none"} />
        </Fact>
      ))}
    </dl>
  );
}

/** Of a draft the server knows no manifest before it is built; the last check has built it. */
function useChanges(found: HookComparison): ManifestChanges | null {
  const { session, live } = useHookPage();
  const manifest = useDraftIfAny(session, ({ check }) =>
    check.kind === "none" ? null : (check.last?.result.manifest ?? null),
  );
  if (found.manifest) return found.manifest;
  // The one comparison that is made here: the draft with what is live, whose manifest is at hand.
  if (!manifest || !live || found.a.number !== live.number || found.b.number !== null) return null;
  return {
    capabilities: difference(live.capabilities, manifest.capabilities),
    points: difference([...live.hooks, ...live.events], [...manifest.hooks, ...manifest.events]),
    limits: [],
    schedules: [],
  };
}

function shown(value: number | null): string {
  return value === null ? "default" : formatted(value);
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function BeforeAfter({ before, after }: { before: string; after: string }) {
  return (
    <span>
      <del>{before}</del> → <ins>{after}</ins>
    </span>
  );
}
