// What the keyboard does on this page, by what is registered; single keys can be turned off here.
import { prefer, usePreferences } from "../api/preferences.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Switch } from "../parts/field.tsx";
import { type Shortcut, shownKeys, useShortcuts } from "../parts/shortcuts.ts";
import styles from "./shortcut_list.module.css";

const ORDER = ["Everywhere", "Go to", "Lists", "This page"];

export function ShortcutList({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const shortcuts = useShortcuts();
  const { hasSingleKeys } = usePreferences();
  const groups = byGroup(shortcuts);
  const names = [...groups.keys()].sort((a, b) => rank(a) - rank(b));
  return (
    <Dialog title="Keyboard shortcuts" isOpen={isOpen} onClose={onClose}>
      <div className={styles.groups}>
        {names.map((name) => (
          <section key={name} aria-label={name}>
            <h3>{name}</h3>
            <dl>
              {(groups.get(name) ?? []).map((one) => (
                <div key={one.keys} className={styles.row}>
                  <dt>{one.title}</dt>
                  <dd>
                    {shownKeys(one.keys).map((chord, index) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: keys pressed one after the other have an order
                      <span key={index}>
                        {index > 0 && <span className={styles.then}>then</span>}
                        <kbd>{chord}</kbd>
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        name="singleKeys"
        label="Shortcuts of a single key"
        hint="Turn off if you use speech input, or press keys by accident. Shortcuts with Ctrl or ⌘ stay."
        isSelected={hasSingleKeys}
        onChange={(isOn) => prefer({ hasSingleKeys: isOn })}
      />
    </Dialog>
  );
}

function rank(group: string): number {
  const at = ORDER.indexOf(group);
  return at < 0 ? ORDER.length : at;
}

function byGroup(shortcuts: readonly Shortcut[]): Map<string, Shortcut[]> {
  const groups = new Map<string, Shortcut[]>();
  for (const one of shortcuts) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}
