// The editor with everything that is only loaded with it: models, types, marks.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { typesOf } from "../../../api/queries/hook_types.ts";
import { CodeEditor, type GoTo, type Place, type SelectedLines } from "../../../editor/code_editor.tsx";
import type { EditorCommands } from "../../../editor/keys.ts";
import { Markers } from "../../../editor/markers.ts";
import { Models } from "../../../editor/models.ts";
import type { Problem } from "../../../editor/problems.ts";
import { applyTypes } from "../../../editor/types.ts";
import { Button } from "../../../parts/button.tsx";
import { useDraft } from "../draft/draft_context.tsx";
import type { DraftSession } from "../draft/draft_session.ts";
import { write } from "../draft/files.ts";
import styles from "./code.module.css";
import { ofCheck } from "./parts/of_check.ts";

type Props = {
  session: DraftSession;
  path: string;
  readOnly: string | undefined;
  goTo: GoTo | undefined;
  commands: EditorCommands;
  onCursor: (place: Place) => void;
  onSelection: (lines: SelectedLines | null) => void;
  onOpen: (path: string, place: Place) => void;
  onTabMoves: (leaves: boolean) => void;
  onTypescript: (problems: readonly Problem[]) => void;
};

export function Workbench({ session, onTypescript, onOpen, ...rest }: Props) {
  const models = useModels(session);
  const markers = useMarkers(session, models, onTypescript);
  useTypes(session);
  const [types, setTypes] = useState<string | null>(null);
  const [again, setAgain] = useState(0);
  const back = () => {
    setTypes(null);
    setAgain((n) => n + 1);
  };
  if (!models || !markers) return null;
  return (
    <>
      {types && (
        <div className={styles.types}>
          <span>
            Types: <code>{types}</code>, read-only
          </span>
          <Button small onPress={back}>
            Back to the code
          </Button>
        </div>
      )}
      <CodeEditor {...rest} models={models} again={again} onTypes={setTypes} onOpen={onOpen} />
    </>
  );
}

const kept = new WeakMap<DraftSession, Models>();

/** The models of the draft: made when the editor is opened first, given back with the pages of the hook. */
function modelsOf(session: DraftSession): Models {
  const known = kept.get(session);
  if (known) return known;
  const onEdit = (path: string, text: string) => session.editFiles((files) => write(files, path, text));
  const made = new Models(session.id.hook, session.read().state.content.files, onEdit);
  kept.set(session, made);
  session.atClose(() => {
    kept.delete(session);
    made.dispose();
  });
  return made;
}

function useModels(session: DraftSession): Models | null {
  const [models, setModels] = useState<Models | null>(null);
  const replaced = useDraft(session, ({ state }) => state.replaced);
  const paths = useDraft(session, ({ state }) => state.content.files.map((file) => file.path).join("\n"));
  useEffect(() => setModels(modelsOf(session)), [session]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when files came or went, or were replaced from outside
  useEffect(() => models?.become(session.read().state.content.files), [models, session, replaced, paths]);
  return models;
}

function useMarkers(
  session: DraftSession,
  models: Models | null,
  onTypescript: (problems: readonly Problem[]) => void,
): Markers | null {
  const [markers, setMarkers] = useState<Markers | null>(null);
  const ours = useDraft(session, ({ check }) => ofCheck(check));
  const tell = useRef(onTypescript);
  tell.current = onTypescript;
  useEffect(() => {
    if (!models) return;
    const made = new Markers(models, (problems) => tell.current(problems));
    setMarkers(made);
    return () => {
      made.dispose();
      setMarkers(null);
    };
  }, [models]);
  useEffect(() => markers?.show(ours), [markers, ours]);
  return markers;
}

function useTypes(session: DraftSession): void {
  const { data } = useQuery(typesOf(session.id));
  const packages = useDraft(session, ({ state }) => state.saved.packages);
  const names = useMemo(() => packages.map((one) => one.name), [packages]);
  useEffect(() => {
    if (data) applyTypes(data, names);
  }, [data, names]);
}
