// The bar above: where one is and how to change it, the search, whether news arrive, help, and the account.
import { useParams } from "@tanstack/react-router";
import { IconButton } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { TargetLink } from "../parts/link.tsx";
import { shownKeys } from "../parts/shortcuts.ts";
import { AccountMenu } from "./account_menu.tsx";
import styles from "./bar.module.css";
import { LiveDot } from "./live_dot.tsx";
import { Switcher } from "./switcher.tsx";

type Props = { onMenu: () => void; onSearch: () => void; onHelp: () => void };

export function Bar({ onMenu, onSearch, onHelp }: Props) {
  const { project, environment } = useParams({ strict: false });
  return (
    <header className={styles.bar}>
      <span className={styles.menu}>
        <IconButton icon="menu" label="Pages" onPress={onMenu} />
      </span>
      <TargetLink to="/" className={styles.home ?? ""} aria-label="Aerocall: all projects">
        <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
          <rect className={styles.badge} width="32" height="32" rx="7" />
          <path className={styles.stroke} d="M16 7v9.5a5 5 0 0 1-5 5" />
          <path className={styles.stroke} d="M21 12.5v4a10 10 0 0 1-10 10" opacity="0.6" />
        </svg>
        {!project && <span>Aerocall</span>}
      </TargetLink>
      {project && <Switcher project={project} environment={environment} />}
      <button type="button" className={styles.search} onClick={onSearch}>
        <Icon name="search" />
        <span>Search</span>
        <kbd>{shownKeys("mod+k")[0]}</kbd>
      </button>
      {project && environment && <LiveDot key={`${project} ${environment}`} place={{ project, environment }} />}
      <span className={styles.help}>
        <IconButton icon="help" label="Keyboard shortcuts" onPress={onHelp} />
      </span>
      <AccountMenu />
    </header>
  );
}
