// What each round came to: what failed went back to the model, and it tried again.
import type { ProposalRound } from "../api/queries/assistant.ts";
import { Mark } from "../parts/outcome.tsx";
import { PlainText } from "../parts/plain_text.tsx";
import type { Exchange, Round } from "./conversation.ts";
import styles from "./round_list.module.css";

export function RoundList({ of }: { of: Exchange }) {
  const failed = of.rounds.filter((round) => round.verified && round.verified.problems.length > 0);
  if (failed.length === 0) return null;
  return (
    <ol className={styles.rounds} aria-label="Rounds">
      {of.rounds.map(
        (round) => round.verified && <RoundView key={round.number} round={round} verified={round.verified} />,
      )}
    </ol>
  );
}

function RoundView({ round, verified }: { round: Round; verified: ProposalRound }) {
  const { problems, diagnostics, cases } = verified;
  const title = `Round ${round.number} of ${round.of}`;
  if (problems.length === 0) {
    return (
      <li className={styles.round}>
        <Mark tone="allow" shape="disc" /> {title}: everything passed
      </li>
    );
  }
  return (
    <li className={styles.round}>
      <details>
        <summary>
          <Mark tone="fail" shape="triangle" word="failed" /> {title}: <PlainText>{problems.join("; ")}</PlainText>
        </summary>
        <ul className={styles.found}>
          {diagnostics.map((one) => (
            <li key={`${one.file}:${one.line}:${one.column}/${one.code}/${one.message}`}>
              <code>
                {one.file}:{one.line}
              </code>{" "}
              <PlainText>{one.message}</PlainText>
            </li>
          ))}
          {cases.failed.map((one) => (
            <li key={one.name}>
              <code>
                <PlainText>{one.name}</PlainText>
              </code>{" "}
              <PlainText>{one.message}</PlainText>
            </li>
          ))}
          {verified.types.reason && <li className={styles.dim}>Types: {verified.types.reason}</li>}
        </ul>
      </details>
    </li>
  );
}
