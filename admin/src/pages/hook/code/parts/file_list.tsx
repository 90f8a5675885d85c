// The files of a hook: which one is shown, and adding, renaming and deleting them.
import { useState } from "react";
import { IconButton } from "../../../../parts/button.tsx";
import { ConfirmDialog } from "../../../../parts/dialog.tsx";
import { Menu } from "../../../../parts/menu.tsx";
import { useDraft, useHookPage } from "../../draft/draft_context.tsx";
import type { DraftSession } from "../../draft/draft_session.ts";
import { add, entryOf, remove, rename } from "../../draft/files.ts";
import styles from "./file_list.module.css";
import { FileNameDialog } from "./file_name_dialog.tsx";

type Props = {
  session: DraftSession;
  path: string;
  onPath: (path: string) => void;
  readOnly: string | undefined;
};

type Asked = { kind: "new" } | { kind: "rename"; path: string } | { kind: "delete"; path: string };

export function FileList({ session, path, onPath, readOnly }: Props) {
  const { id } = useHookPage();
  // The paths alone: what is typed into a file changes nothing here.
  const paths = useDraft(session, ({ state }) => state.content.files.map((file) => file.path).join("\n"));
  const entry = useDraft(session, ({ state: { content } }) => entryOf(id.hook, content.files, content.settings.entry));
  const [asked, setAsked] = useState<Asked | null>(null);
  const names = paths === "" ? [] : paths.split("\n");
  const close = () => setAsked(null);
  return (
    <nav className={styles.files} aria-label="Files">
      <div className={styles.head}>
        <h2>Files</h2>
        <IconButton icon="plus" label="New file" small onPress={() => setAsked({ kind: "new" })} whyNot={readOnly} />
      </div>
      <ul className={styles.list}>
        {names.map((name) => (
          <li key={name} className={styles.item} data-current={name === path || undefined}>
            <button
              type="button"
              className={styles.file}
              aria-current={name === path || undefined}
              onClick={() => onPath(name)}
            >
              <FileName path={name} />
              {name === entry && <span className="hidden-visually"> (the hook)</span>}
            </button>
            <Menu label={`Actions of ${name}`} small items={actionsOf(name, entry, readOnly, setAsked)} />
          </li>
        ))}
      </ul>
      <Packages session={session} />
      <FileNameDialog
        key={asked ? `${asked.kind}${"path" in asked ? asked.path : ""}` : "none"}
        asked={asked?.kind === "new" || asked?.kind === "rename" ? asked : null}
        files={session.read().state.content.files}
        onClose={close}
        onName={(name) => {
          const from = asked?.kind === "rename" ? asked.path : null;
          session.editFiles((files) => (from === null ? add(files, name) : rename(files, from, name)));
          onPath(name);
          close();
        }}
      />
      <ConfirmDialog
        title="Delete the file?"
        consequence={`${asked?.kind === "delete" ? asked.path : ""} is deleted from the draft. Versions that have it stay as they are.`}
        action="Delete the file"
        isOpen={asked?.kind === "delete"}
        onClose={close}
        onConfirm={() => {
          if (asked?.kind === "delete") session.editFiles((files) => remove(files, asked.path));
        }}
      />
    </nav>
  );
}

function actionsOf(path: string, entry: string | undefined, readOnly: string | undefined, ask: (asked: Asked) => void) {
  return [
    { id: "rename", title: "Rename…", whyNot: readOnly, onAction: () => ask({ kind: "rename", path }) },
    {
      id: "delete",
      title: "Delete…",
      isDanger: true,
      whyNot: readOnly ?? (path === entry ? "This file is the hook" : undefined),
      onAction: () => ask({ kind: "delete", path }),
    },
  ];
}

/** The folder is dimmed: what tells files apart is the name. */
function FileName({ path }: { path: string }) {
  const at = path.lastIndexOf("/") + 1;
  return (
    <span className={styles.name}>
      <span className={styles.folder}>{path.slice(0, at)}</span>
      {path.slice(at)}
    </span>
  );
}

function Packages({ session }: { session: DraftSession }) {
  const packages = useDraft(session, ({ state }) => state.saved.packages);
  if (packages.length === 0) return null;
  return (
    <details className={styles.packages}>
      <summary>npm packages ({packages.length})</summary>
      <ul>
        {packages.map((one) => (
          <li key={one.name}>
            <code>{one.name}</code> {one.version}
          </li>
        ))}
      </ul>
      <p>They came with the version that the draft began from, without their types.</p>
    </details>
  );
}
