// What the project has used of the model today, and what is left.
import type { AssistantSettings } from "../api/queries/assistant.ts";
import { number } from "../parts/format.ts";
import styles from "./usage_line.module.css";
import { money } from "./words.ts";

export function UsageLine({ of: { usage, prices } }: { of: AssistantSettings }) {
  const used = usage.inputTokens + usage.outputTokens;
  return (
    <footer className={styles.usage}>
      <span title={`${number(usage.inputTokens)} sent, ${number(usage.outputTokens)} answered, since midnight UTC`}>
        {number(used)} tokens today
      </span>
      <span>{number(usage.tokensLeft)} left</span>
      {usage.cost !== null && <span>{money(usage.cost, prices.currency)}</span>}
    </footer>
  );
}
