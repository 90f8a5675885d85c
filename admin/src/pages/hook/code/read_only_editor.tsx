// The files of a version in the editor, to read: with types, and the way from a name to its definition.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { VersionFiles } from "../../../../../docs/openapi.d.ts";
import { typesOf } from "../../../api/queries/hook_types.ts";
import { CodeEditor, type GoTo } from "../../../editor/code_editor.tsx";
import { Models } from "../../../editor/models.ts";
import { applyTypes } from "../../../editor/types.ts";
import { useHookPage } from "../draft/draft_context.tsx";

type Props = {
  hook: string;
  version: VersionFiles;
  path: string;
  line: number | undefined;
  onOpen: (path: string) => void;
};

const nothing = () => {};
const noCommands = { save: nothing, run: nothing, runCases: nothing, difference: nothing };

export function ReadOnlyEditor({ hook, version, path, line, onOpen }: Props) {
  const { id } = useHookPage();
  const { data: types } = useQuery(typesOf(id));
  const [models, setModels] = useState<Models | null>(null);
  const goTo = useMemo((): GoTo | undefined => (line ? { line, column: 1, n: line } : undefined), [line]);
  useEffect(() => {
    const made = new Models(hook, version.files, nothing);
    setModels(made);
    return () => {
      setModels(null);
      made.dispose();
    };
  }, [hook, version]);
  useEffect(() => {
    if (types)
      applyTypes(
        types,
        version.packages.map((one) => one.name),
      );
  }, [types, version]);
  if (!models) return null;
  return (
    <CodeEditor
      models={models}
      path={path}
      readOnly="A version does not change. Begin a draft to edit it."
      goTo={goTo}
      commands={noCommands}
      onCursor={nothing}
      onOpen={onOpen}
      onTypes={nothing}
      onTabMoves={nothing}
    />
  );
}
