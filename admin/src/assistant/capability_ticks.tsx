// What a proposal may do that the draft may not, in words: each is a decision of its own.
import type { CapabilityChange } from "../api/queries/assistant.ts";
import { Checkbox } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { PlainText } from "../parts/plain_text.tsx";
import styles from "./capability_ticks.module.css";

type Props = {
  of: CapabilityChange;
  ticked: ReadonlySet<string>;
  onTick: (capability: string, isTicked: boolean) => void;
  /** It is applied: nothing is to be decided any more. */
  isDone: boolean;
};

export function CapabilityTicks({ of: { added, removed, words }, ticked, onTick, isDone }: Props) {
  if (added.length === 0 && removed.length === 0) return null;
  return (
    <div className={styles.change}>
      {added.length > 0 && (
        <fieldset className={styles.added}>
          <legend>
            <Icon name="warning" /> The hook asks for more than it may do now
          </legend>
          {added.map((capability, at) => (
            <Checkbox
              key={capability}
              name="capability"
              label={capital(words[at] ?? capability)}
              hint={
                <code>
                  <PlainText>{capability}</PlainText>
                </code>
              }
              isSelected={isDone || ticked.has(capability)}
              isDisabled={isDone}
              onChange={(isTicked) => onTick(capability, isTicked)}
            />
          ))}
        </fieldset>
      )}
      {removed.length > 0 && (
        <p className={styles.removed}>
          It no longer asks for <PlainText>{removed.join(", ")}</PlainText>.
        </p>
      )}
    </div>
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
