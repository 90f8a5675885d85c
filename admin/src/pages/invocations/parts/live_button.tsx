// Switches following what is new on and off, and says whether it arrives.
import type { StreamState } from "../../../api/stream.ts";
import { Button } from "../../../parts/button.tsx";
import { useShortcut } from "../../../parts/shortcuts.ts";
import styles from "./live_button.module.css";

type Props = { isOn: boolean; state: StreamState; onChange: (isOn: boolean) => void };

const WORDS: Record<StreamState, string> = {
  connecting: "connecting…",
  open: "following",
  refused: "not connected, is tried again",
};

export function LiveButton({ isOn, state, onChange }: Props) {
  useShortcut(".", "Follow what is new, or stop", () => onChange(!isOn), { group: "Lists" });
  return (
    <span className={styles.live}>
      {isOn && (
        <span className={styles[state]} role="status">
          <span className={styles.dot} aria-hidden="true" />
          {WORDS[state]}
        </span>
      )}
      <Button icon={isOn ? "pause" : "play"} onPress={() => onChange(!isOn)}>
        {isOn ? "Stop following" : "Follow"}
      </Button>
    </span>
  );
}
