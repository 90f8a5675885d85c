// The code editor: one file of a hook at a time. The models belong to whoever opened the hook; this holds the editor alone, and
// gives it back when it leaves the page.
import { useEffect, useRef } from "react";
import styles from "./editor.module.css";
import { bindKeys, type EditorCommands } from "./keys.ts";
import type { Models } from "./models.ts";
import { type Editor, monaco } from "./monaco.ts";
import { CALM } from "./options.ts";
import { followTheme } from "./theme.ts";
import { disposeTypeModels, isOfTypes, nameOfTypes } from "./types.ts";

export type Place = { line: number; column: number };
/** A place to go to. `n` grows with every wish, so that the same place can be wished for again. */
export type GoTo = Place & { n: number };
/** Lines that are selected. */
export type SelectedLines = { startLine: number; endLine: number };

type Props = {
  models: Models;
  /** The file that is shown. */
  path: string;
  /** Why it cannot be changed. */
  readOnly?: string | undefined;
  goTo?: GoTo | undefined;
  /** Grows when the file is to be shown again, after types were. */
  again?: number;
  commands: EditorCommands;
  onCursor: (place: Place) => void;
  /** Other lines are selected, or none. */
  onSelection?: (lines: SelectedLines | null) => void;
  /** A definition in another file of the hook. */
  onOpen: (path: string, place: Place) => void;
  /** A definition in the types; its name, and null once the file is shown again. */
  onTypes: (name: string | null) => void;
  onTabMoves: (moves: boolean) => void;
  onReady?: (editor: Editor | null) => void;
};

export function CodeEditor(props: Props) {
  const { models, path, readOnly, goTo, again = 0 } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => (host.current ? start(host.current, latest, editor) : undefined), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` says when, not what
  useEffect(() => showFile(editor.current, models, path), [models, path, again]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the same after types were shown, which are read-only
  useEffect(() => {
    editor.current?.updateOptions({
      readOnly: readOnly !== undefined,
      readOnlyMessage: { value: readOnly ?? "" },
      ariaLabel: `${path}${readOnly ? ", read-only" : ""}`,
    });
  }, [readOnly, path, again]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a place is gone to once, when it is wished for, in the file that is shown then
  useEffect(() => {
    if (goTo && editor.current) reveal(editor.current, goTo);
  }, [goTo?.n, path]);

  return <div ref={host} className={styles.editor} data-editor={path} />;
}

function start(element: HTMLElement, props: { current: Props }, holder: { current: Editor | null }): () => void {
  const leaveTheme = followTheme();
  const editor = monaco.editor.create(element, { ...CALM, model: null });
  holder.current = editor;
  const { assistant, explain } = props.current.commands;
  bindKeys(editor, {
    save: () => props.current.commands.save(),
    run: () => props.current.commands.run(),
    runCases: () => props.current.commands.runCases(),
    difference: () => props.current.commands.difference(),
    ...(assistant && { assistant: () => props.current.commands.assistant?.() }),
    ...(explain && { explain: () => props.current.commands.explain?.() }),
  });
  const listeners = [
    editor.onDidChangeCursorPosition(({ position }) =>
      props.current.onCursor({ line: position.lineNumber, column: position.column }),
    ),
    editor.onDidChangeCursorSelection(({ selection }) => props.current.onSelection?.(linesOf(selection))),
    editor.onDidChangeModel(() => props.current.onSelection?.(null)),
    editor.onDidChangeConfiguration(() =>
      props.current.onTabMoves(editor.getOption(monaco.editor.EditorOption.tabFocusMode) === true),
    ),
    // Where problems are shown below, or a panel opens beside, whoever types still sees the line.
    editor.onDidLayoutChange(() => {
      const at = editor.getPosition();
      if (at && editor.hasTextFocus()) editor.revealPosition(at);
    }),
    monaco.editor.registerEditorOpener({
      openCodeEditor: (_, uri, at) => openDefinition(editor, props.current, uri, at),
    }),
  ];
  performance.mark("editor:ready");
  props.current.onReady?.(editor);
  return () => {
    props.current.onReady?.(null);
    for (const listener of listeners) listener.dispose();
    const shown = editor.getModel();
    const path = shown && props.current.models.pathOf(shown.uri);
    if (path) props.current.models.keepView(path, editor.saveViewState());
    holder.current = null;
    editor.setModel(null);
    editor.dispose();
    disposeTypeModels();
    leaveTheme();
  };
}

/** Shows a file where it was left; the cleanup keeps where that is. */
function showFile(editor: Editor | null, models: Models, path: string): (() => void) | undefined {
  const model = models.get(path);
  if (!editor || !model) return undefined;
  editor.setModel(model);
  editor.restoreViewState(models.view(path));
  disposeTypeModels();
  return () => {
    if (editor.getModel() === model) models.keepView(path, editor.saveViewState());
  };
}

type Target = monaco.IRange | monaco.IPosition | undefined;

function openDefinition(editor: Editor, props: Props, uri: monaco.Uri, at: Target): boolean {
  const place = placeOf(at);
  const path = props.models.pathOf(uri);
  if (path !== undefined) {
    props.onOpen(path, place);
    return true;
  }
  const model = monaco.editor.getModel(uri);
  if (!model || !isOfTypes(uri)) return false;
  editor.setModel(model);
  editor.updateOptions({ readOnly: true });
  reveal(editor, place);
  props.onTypes(nameOfTypes(uri));
  return true;
}

/** A line of which nothing is selected but its beginning does not count. */
function linesOf(selection: monaco.Selection): SelectedLines | null {
  if (selection.isEmpty()) return null;
  const { startLineNumber, endLineNumber, endColumn } = selection;
  const endLine = endColumn === 1 && endLineNumber > startLineNumber ? endLineNumber - 1 : endLineNumber;
  return { startLine: startLineNumber, endLine };
}

function placeOf(at: Target): Place {
  if (!at) return { line: 1, column: 1 };
  return "lineNumber" in at
    ? { line: at.lineNumber, column: at.column }
    : { line: at.startLineNumber, column: at.startColumn };
}

function reveal(editor: Editor, { line, column }: Place): void {
  editor.setPosition({ lineNumber: line, column });
  editor.revealPositionInCenterIfOutsideViewport({ lineNumber: line, column });
  editor.focus();
}
