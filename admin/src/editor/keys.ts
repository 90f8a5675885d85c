// The keys of the editor that mean something to the page around it. Monaco has most keys to itself while it has the focus, also
// those of the page, such as that of the palette: they are given back here.
import { IS_MAC } from "./editor_keys.ts";
import { type Editor, monaco } from "./monaco.ts";

export type EditorCommands = {
  save: () => void;
  run: () => void;
  runCases: () => void;
  difference: () => void;
  /** Opens or closes the assistant, where there is one. */
  assistant?: () => void;
  /** Explains the lines that are selected. */
  explain?: () => void;
};

/** Gives the editor its keys; they go with it. */
export function bindKeys(editor: Editor, commands: EditorCommands): void {
  const { KeyMod, KeyCode } = monaco;
  const action = (id: string, label: string, key: number, run: () => void) =>
    editor.addAction({ id: `aerocall.${id}`, label, keybindings: [key], run });
  action("save", "Save now", KeyMod.CtrlCmd | KeyCode.KeyS, commands.save);
  action("run", "Run test", KeyMod.CtrlCmd | KeyCode.Enter, commands.run);
  action("runCases", "Run all cases", KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.Enter, commands.runCases);
  action("difference", "Show differences from live", KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.KeyD, commands.difference);
  if (commands.assistant) {
    action("assistant", "Ask the assistant", KeyMod.CtrlCmd | KeyCode.KeyJ, commands.assistant);
  }
  if (commands.explain) {
    editor.addAction({
      id: "aerocall.explain",
      label: "Explain the selection",
      precondition: "editorHasSelection",
      contextMenuGroupId: "navigation",
      run: commands.explain,
    });
  }
  action("commands", "Show editor commands", KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.KeyP, () =>
    editor.trigger("keyboard", "editor.action.quickCommand", null),
  );
  giveBack(editor, "k", KeyCode.KeyK);
}

/** A key that Monaco would swallow reaches the page as if nothing had had the focus. */
function giveBack(editor: Editor, key: string, code: monaco.KeyCode): void {
  editor.addCommand(monaco.KeyMod.CtrlCmd | code, () => {
    const mod = IS_MAC ? { metaKey: true } : { ctrlKey: true };
    const event = new KeyboardEvent("keydown", {
      key,
      code: `Key${key.toUpperCase()}`,
      bubbles: true,
      cancelable: true,
      ...mod,
    });
    document.body.dispatchEvent(event);
  });
}
