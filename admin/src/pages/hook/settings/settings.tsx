// The settings of a hook, by when they hold: at once in this environment, with the next version, and what can be taken away.
import { useHookPage } from "../draft/draft_context.tsx";
import { BuildSettings } from "./parts/build_settings.tsx";
import { Endings } from "./parts/endings.tsx";
import { LiveSettings } from "./parts/live_settings.tsx";
import styles from "./settings.module.css";

export function Settings() {
  const { session } = useHookPage();
  return (
    <div className={styles.settings}>
      <LiveSettings />
      <BuildSettings key={session ? "draft" : "none"} />
      <Endings />
    </div>
  );
}
