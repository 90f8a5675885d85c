// There is no assistant here: everything else works without it, and a page says how to turn it on.
import { Icon } from "../parts/icon.tsx";
import { ButtonLink } from "../parts/link.tsx";
import styles from "./assistant_off.module.css";

export function AssistantOff({ project }: { project: string }) {
  return (
    <div className={styles.off}>
      <Icon name="spark" size={20} />
      <p>The assistant is off for this project. Everything else works without it.</p>
      <p className={styles.dim}>
        It needs a language model: one on this machine, or a provider’s. Nothing is sent anywhere before somebody turns
        it on.
      </p>
      <ButtonLink to="/p/$project/settings/assistant" params={{ project }}>
        How to turn it on
      </ButtonLink>
    </div>
  );
}
