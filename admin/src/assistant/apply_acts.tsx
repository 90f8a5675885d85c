// Applying a proposal to the draft, or why it cannot be: what is red is said, and whoever wants to look at it all the same says so.
import { useState } from "react";
import { useHookPage } from "../pages/hook/draft/draft_context.tsx";
import { Button } from "../parts/button.tsx";
import { ConfirmDialog } from "../parts/dialog.tsx";
import { ButtonLink } from "../parts/link.tsx";
import { Status } from "../parts/outcome.tsx";
import { PlainText } from "../parts/plain_text.tsx";
import styles from "./apply_acts.module.css";
import type { Readiness } from "./readiness.ts";

type Props = {
  readiness: Readiness;
  isPending: boolean;
  onApply: () => void;
  onApplyUnverified: () => Promise<unknown>;
  onAgain: () => void;
};

export function ApplyActs({ readiness, onAgain, ...rest }: Props) {
  if (readiness.kind === "applied") return <Applied revision={readiness.revision} />;
  return (
    <div className={styles.apply}>
      {readiness.kind === "overtaken" && (
        <div className={styles.overtaken} role="status">
          <p>
            The draft was edited after the question
            {readiness.from !== null && `, which was of revision ${readiness.from}`}.
          </p>
          <Button small icon="refresh" onPress={onAgain}>
            Ask again, of the draft as it is now
          </Button>
        </div>
      )}
      {readiness.kind === "unverified" ? (
        <Unverified problems={readiness.problems} onApply={rest.onApplyUnverified} />
      ) : (
        <div className={styles.acts}>
          <Button
            kind="primary"
            icon="check"
            onPress={rest.onApply}
            isPending={rest.isPending}
            whyNot={whyNot(readiness)}
          >
            Apply to draft
          </Button>
        </div>
      )}
    </div>
  );
}

function whyNot(readiness: Readiness): string | undefined {
  switch (readiness.kind) {
    case "forbidden":
      return readiness.why;
    case "overtaken":
      return "The draft was edited after the question: ask again";
    case "widens":
      return "Tick each thing that the hook may do from now on";
    default:
      return undefined;
  }
}

function Unverified({ problems, onApply }: { problems: readonly string[]; onApply: () => Promise<unknown> }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <ul className={styles.problems} aria-label="What is red">
        {problems.map((problem) => (
          <li key={problem}>
            <PlainText>{problem}</PlainText>
          </li>
        ))}
      </ul>
      <div className={styles.acts}>
        <Button kind="primary" icon="check" whyNot={`Not verified: ${problems.join("; ")}`}>
          Apply to draft
        </Button>
        <Button onPress={() => setAsking(true)}>Apply anyway to look at it…</Button>
      </div>
      <ConfirmDialog
        title="Apply a proposal that is not verified?"
        consequence={
          <>
            <ul className={styles.problems}>
              {problems.map((problem) => (
                <li key={problem}>
                  <PlainText>{problem}</PlainText>
                </li>
              ))}
            </ul>
            <p>
              Only the draft changes: nothing is deployed. The audit log keeps that it was applied unverified, and by
              whom.
            </p>
          </>
        }
        action="Apply it unverified"
        kind="primary"
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={onApply}
      />
    </>
  );
}

/** What comes next. */
function Applied({ revision }: { revision: number | null }) {
  const { place, id } = useHookPage();
  const params = { ...place, hook: id.hook };
  return (
    <div className={styles.acts} role="status">
      <Status of="done" word={revision === null ? "applied to the draft" : `applied as draft r${revision}`} />
      <span className={styles.next}>
        <ButtonLink small to="/p/$project/$environment/hooks/$hook/test" params={params}>
          Test
        </ButtonLink>
        <ButtonLink small to="/p/$project/$environment/hooks/$hook/deploy" params={params}>
          Deploy…
        </ButtonLink>
      </span>
    </div>
  );
}
