// The versions of a hook, newest first: what each said of itself, what it may touch, and where it is live. Two of them can be
// compared, and any older one can be rolled back to.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Version } from "../../../../../docs/openapi.d.ts";
import { versionsOf } from "../../../api/queries/versions.ts";
import { Actor } from "../../../parts/actor.tsx";
import { Button } from "../../../parts/button.tsx";
import { Bytes, Time } from "../../../parts/figures.tsx";
import { ButtonLink, Link } from "../../../parts/link.tsx";
import { PlainText } from "../../../parts/plain_text.tsx";
import { useRights } from "../../../parts/rights.ts";
import { Answer, Empty, Skeleton } from "../../../parts/states.tsx";
import { Tag } from "../../../parts/tag.tsx";
import { difference } from "../deploy/preview.ts";
import { useDraftIfAny, useHookPage } from "../draft/draft_context.tsx";
import { historyRoute } from "../parts/hook_route.ts";
import { Plus } from "../parts/plus.tsx";
import styles from "./history.module.css";
import { type Picked, pairOf } from "./pair.ts";
import { RollBack } from "./parts/roll_back.tsx";

export function History() {
  const { id } = useHookPage();
  const versions = useQuery(versionsOf(id));
  return (
    <Answer
      query={versions}
      what="the versions"
      skeleton={<Skeleton rows={6} />}
      isEmpty={(list) => list.length === 0}
      empty={<NoVersion />}
    >
      {(list) => <Versions versions={list} />}
    </Answer>
  );
}

function NoVersion() {
  const { place, id } = useHookPage();
  return (
    <Empty
      sentence="No version yet. Deploying the draft makes the first."
      action={
        <ButtonLink to="/p/$project/$environment/hooks/$hook/deploy" params={{ ...place, hook: id.hook }}>
          Deploy…
        </ButtonLink>
      }
    />
  );
}

function Versions({ versions }: { versions: readonly Version[] }) {
  const { session, live } = useHookPage();
  const [picked, setPicked] = useState<Picked>([]);
  const { back } = historyRoute.useSearch();
  const navigate = historyRoute.useNavigate();
  const setBack = (number: number | undefined) => void navigate({ search: { back: number }, replace: true });
  const pick = (side: number | "draft") =>
    setPicked(picked.includes(side) ? picked.filter((one) => one !== side) : [...picked, side].slice(-2));
  return (
    <div className={styles.history}>
      <Compared picked={picked} />
      <ol className={styles.versions}>
        {session && <DraftLine isPicked={picked.includes("draft")} onPick={() => pick("draft")} newest={versions[0]} />}
        {versions.map((version, at) => (
          <VersionLine
            key={version.number}
            version={version}
            before={versions[at + 1]}
            isPicked={picked.includes(version.number)}
            onPick={() => pick(version.number)}
            onRollBack={() => setBack(version.number)}
          />
        ))}
      </ol>
      <p className={styles.dim}>
        Secrets and migrations are not part of a version: going back to one does not bring their old state back.
      </p>
      <RollBack
        version={versions.find((one) => one.number === back && live && one.number < live.number) ?? null}
        onClose={() => setBack(undefined)}
      />
    </div>
  );
}

function Compared({ picked }: { picked: Picked }) {
  const { place, id } = useHookPage();
  const pair = pairOf(picked);
  const words = picked.map((side) => (side === "draft" ? "the draft" : `version ${side}`)).join(" and ");
  return (
    <div className={styles.compared}>
      <p className={styles.dim}>
        {pair
          ? `Compare ${words}.`
          : picked.length === 1
            ? "Choose another one to compare with."
            : "Choose two to compare."}
      </p>
      {pair && (
        <ButtonLink
          icon="compare"
          to="/p/$project/$environment/hooks/$hook/history/$pair"
          params={{ ...place, hook: id.hook, pair }}
        >
          Compare
        </ButtonLink>
      )}
    </div>
  );
}

type DraftLineProps = { isPicked: boolean; onPick: () => void; newest: Version | undefined };

function DraftLine({ isPicked, onPick, newest }: DraftLineProps) {
  const { session, place, id } = useHookPage();
  const draft = useDraftIfAny(session, ({ state }) => state.saved);
  if (!draft) return null;
  const base = draft.base?.number ?? newest?.number;
  return (
    <li className={styles.version}>
      <Pick label="the draft" isPicked={isPicked} onPick={onPick} />
      <span className={styles.number}>
        <Tag tone="patch">draft r{draft.revision}</Tag>
      </span>
      <span className={styles.message}>
        <span>{draft.base ? `Goes on from version ${draft.base.number}` : "Not a version yet"}</span>
        <span className={styles.dim}>
          <Actor of={draft.updatedBy} /> · <Time at={draft.updatedAt} />
        </span>
      </span>
      <span />
      <span />
      <span className={styles.acts}>
        {base !== undefined && (
          <Link
            to="/p/$project/$environment/hooks/$hook/history/$pair"
            params={{ ...place, hook: id.hook, pair: `${base}..draft` }}
          >
            Compare with {base}
          </Link>
        )}
      </span>
    </li>
  );
}

type LineProps = {
  version: Version;
  before: Version | undefined;
  isPicked: boolean;
  onPick: () => void;
  onRollBack: () => void;
};

function VersionLine({ version, before, isPicked, onPick, onRollBack }: LineProps) {
  const { live, place, id, summary } = useHookPage();
  const missing = useRights().why("hooks:deploy");
  const isLive = live?.number === version.number;
  const elsewhere = summary.live.filter(
    (one) => one.number === version.number && one.environment !== place.environment,
  );
  const params = { ...place, hook: id.hook };
  return (
    <li className={styles.version} data-live={isLive || undefined}>
      <Pick label={`version ${version.number}`} isPicked={isPicked} onPick={onPick} />
      <span className={styles.number}>
        <strong>v{version.number}</strong>
        {isLive && <Tag tone="allow">live</Tag>}
      </span>
      <span className={styles.message}>
        <span>{version.message ? <PlainText>{version.message}</PlainText> : <em>No message</em>}</span>
        <span className={styles.dim}>
          <Actor of={version.author} /> · <Time at={version.createdAt} /> · <Bytes n={version.sizeBytes} />
          {elsewhere.length > 0 && ` · live in ${elsewhere.map((one) => one.environment).join(", ")}`}
        </span>
      </span>
      <span className={styles.sets}>
        {before ? (
          <Plus
            sets={difference(before.manifest.capabilities, version.manifest.capabilities)}
            empty="same permissions"
          />
        ) : (
          <Plus sets={difference([], version.manifest.capabilities)} empty="no permissions" />
        )}
      </span>
      <span className={styles.points}>{[...version.manifest.hooks, ...version.manifest.events].join(", ")}</span>
      <span className={styles.acts}>
        {before && (
          <Link
            to="/p/$project/$environment/hooks/$hook/history/$pair"
            params={{ ...params, pair: `${before.number}..${version.number}` }}
          >
            Changes
          </Link>
        )}
        {live && version.number < live.number && (
          <Button small icon="history" onPress={onRollBack} whyNot={missing}>
            Roll back
          </Button>
        )}
        {(!live || version.number > live.number) && (
          <ButtonLink
            small
            to="/p/$project/$environment/hooks/$hook/deploy"
            params={params}
            search={{ version: version.number }}
          >
            Deploy…
          </ButtonLink>
        )}
      </span>
    </li>
  );
}

function Pick({ label, isPicked, onPick }: { label: string; isPicked: boolean; onPick: () => void }) {
  return (
    <label className={styles.pick}>
      <input type="checkbox" checked={isPicked} onChange={onPick} />
      <span className="hidden-visually">Compare {label}</span>
    </label>
  );
}
