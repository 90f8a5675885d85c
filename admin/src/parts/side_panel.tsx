// A panel beside a list, for the row that the address names: `Esc` closes it, `o` opens it as a page. The list stays usable.
import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { IconButton } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { type Target, TargetLink } from "./link.tsx";
import { useShortcut } from "./shortcuts.ts";
import styles from "./side_panel.module.css";

type Props = {
  title: string;
  tags?: ReactNode /** The page of the same thing. */;
  open?: Target;
  onClose: () => void;
  children: ReactNode;
};

export function SidePanel({ title, tags, open, onClose, children }: Props) {
  const panel = useRef<HTMLElement>(null);
  const cameFrom = useRef<Element | null>(null);
  const router = useRouter();
  useEffect(() => {
    cameFrom.current = document.activeElement;
    panel.current?.focus();
    return () => {
      if (cameFrom.current instanceof HTMLElement && cameFrom.current.isConnected) cameFrom.current.focus();
    };
  }, []);
  useShortcut("Escape", "Close the panel", onClose, { group: "Lists" });
  useShortcut("o", "Open the panel as a page", () => open && void router.navigate(open as never), {
    group: "Lists",
    isOn: Boolean(open),
  });
  return (
    <aside ref={panel} className={styles.panel} aria-label={title} tabIndex={-1}>
      <header className={styles.head}>
        <h2>{title}</h2>
        {tags}
        <span className={styles.tools}>
          {open && (
            <TargetLink {...open} className={styles.open ?? ""} aria-label="Open as a page" title="Open as a page (o)">
              <Icon name="external" />
            </TargetLink>
          )}
          <IconButton icon="close" label="Close the panel" small onPress={onClose} />
        </span>
      </header>
      <div className={styles.body}>{children}</div>
    </aside>
  );
}
