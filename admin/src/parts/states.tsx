// The states of what a page shows: loading, empty, nothing that matches, refused, not permitted, not up to date. `Answer` chooses
// between them for an answer of the server; pages say only what is in it.
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { type ApiError, UNREACHABLE } from "../api/errors.ts";
import { Button } from "./button.tsx";
import { Id } from "./copy.tsx";
import { Time } from "./figures.tsx";
import { plural } from "./format.ts";
import { Icon } from "./icon.tsx";
import { DocsLink } from "./link.tsx";
import styles from "./states.module.css";

/** Answers that come sooner are shown without a skeleton before them. */
const SKELETON_AFTER_MS = 150;

type AnswerProps<T> = {
  query: UseQueryResult<T, ApiError>;
  /** What is read, as in "The users could not be read." */
  what: string;
  skeleton?: ReactNode;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  children: (data: T) => ReactNode;
};

export function Answer<T>({ query, what, skeleton, isEmpty, empty, children }: AnswerProps<T>) {
  const { data, error, isPending, failureReason, dataUpdatedAt, refetch } = query;
  // It is asked again by itself; what it said until then is no secret.
  if (isPending && failureReason) return <Problem error={failureReason} what={what} onRetry={() => void refetch()} />;
  if (isPending) return skeleton ?? <Skeleton />;
  if (data === undefined) {
    if (error?.code === "forbidden") return <Forbidden error={error} what={what} />;
    return <Problem error={error} what={what} onRetry={() => void refetch()} />;
  }
  return (
    <>
      {error && <Stale since={dataUpdatedAt} error={error} onRetry={() => void refetch()} />}
      <div className={error ? styles.old : styles.fresh}>{isEmpty?.(data) ? empty : children(data)}</div>
    </>
  );
}

type SkeletonProps = { rows?: number; kind?: "table" | "text" | "form" };

/** The outline of what comes. Nothing is shown for the first moment: most answers are there by then. */
export function Skeleton({ rows = 6, kind = "table" }: SkeletonProps) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div
      className={`${styles.skeleton} ${styles[kind]}`}
      role="status"
      aria-label="Loading"
      data-shown={isShown || undefined}
    >
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className={styles.bar} />
      ))}
    </div>
  );
}

/** Nothing is here yet: one sentence, one thing to do, one link to read more. */
export function Empty({
  sentence,
  action,
  link,
  children,
}: {
  sentence: string;
  action?: ReactNode;
  link?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <p>{sentence}</p>
      {children}
      {(action || link) && (
        <div className={styles.acts}>
          {action}
          {link}
        </div>
      )}
    </div>
  );
}

/** Something is here, but not with these filters. */
export function NoMatch({ what, onClear }: { what: string; onClear: () => void }) {
  return (
    <div className={styles.empty}>
      <p>No {what} match these filters.</p>
      <div className={styles.acts}>
        <Button onPress={onClear}>Clear the filters</Button>
      </div>
    </div>
  );
}

type ProblemProps = {
  error: ApiError | null;
  what?: string;
  onRetry?: (() => void) | undefined;
  /** Fields that say themselves what is wrong with them. */
  elsewhere?: ReadonlySet<string>;
  children?: ReactNode;
};

/** What was refused or failed: what, the server's words, the code with its page, the request id, and trying again. */
export function Problem({ error, what, onRetry, elsewhere, children }: ProblemProps) {
  if (!error) return null;
  const isElsewhere = (field: string) =>
    [...(elsewhere ?? [])].some((name) => field === name || field.startsWith(`${name}.`));
  const problems = error.problems.filter((one) => !isElsewhere(one.field));
  return (
    <div className={styles.problem} role="alert">
      <span className={styles.sign}>
        <Icon name="warning" />
      </span>
      <div className={styles.told}>
        {what && <p className={styles.headline}>{capital(what)} could not be read.</p>}
        <p>{error.message}</p>
        {problems.length > 0 && (
          <ul className={styles.problems}>
            {problems.map((one) => (
              <li key={`${one.field} ${one.problem}`}>
                <code>{one.field}</code>: {one.problem}
              </li>
            ))}
          </ul>
        )}
        {error.retryAfterSeconds && <p>It can be tried again in {plural(error.retryAfterSeconds, "second")}.</p>}
        {children}
        <ProblemFoot error={error} />
      </div>
      {onRetry && (
        <Button small icon="refresh" onPress={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

function ProblemFoot({ error }: { error: ApiError }) {
  const isOfServer =
    /^[a-z_]+$/.test(error.code) && error.code !== UNREACHABLE && error.code !== "page_error" && !error.hook;
  return (
    <p className={styles.foot}>
      {isOfServer ? <DocsLink path={`errors/${error.code}`}>{error.code}</DocsLink> : <code>{error.code}</code>}
      {error.hook && (
        <span>
          from the hook <code>{error.hook}</code>
        </span>
      )}
      {error.requestId && (
        <span className={styles.request}>
          <span>Request</span> <Id label="Copy the request id">{error.requestId}</Id>
        </span>
      )}
    </p>
  );
}

/** Somebody may not read this: what they need, in the server's words. */
export function Forbidden({ error, what }: { error: ApiError; what: string }) {
  return (
    <div className={styles.empty}>
      <Icon name="lock" size={20} />
      <p>You may not read {what}.</p>
      <p className={styles.dim}>{error.message}. An owner of the project can give you a role that has it.</p>
      <ProblemFoot error={error} />
    </div>
  );
}

/** A page that the role does not open, known before anything is asked. */
export function NotPermitted({ why }: { why: string }) {
  return (
    <div className={styles.empty}>
      <Icon name="lock" size={20} />
      <p>{why}.</p>
    </div>
  );
}

/** What is shown was read earlier, and the server cannot be asked now. */
export function Stale({ since, error, onRetry }: { since: number; error: ApiError; onRetry: () => void }) {
  return (
    <div className={styles.stale} role="status">
      <Icon name="clock" />
      <span>
        Shown as of <Time at={since} />. {error.message}
      </span>
      <Button small onPress={onRetry}>
        Try again
      </Button>
    </div>
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
