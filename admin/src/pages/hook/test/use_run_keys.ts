// The keys that run tests. A button that has the focus takes Enter for itself, with any other key as well, so these are looked at
// before it; in a dialog and in the editor they mean what they mean there.
import { useEffect, useRef } from "react";
import { IS_MAC } from "../../../editor/editor_keys.ts";
import { useShortcut } from "../../../parts/shortcuts.ts";
import type { Tests } from "./use_tests.ts";

export function useRunKeys(tests: Pick<Tests, "runOnce" | "runAllCases">): void {
  const latest = useRef(tests);
  latest.current = tests;
  // For the list of shortcuts.
  useShortcut("mod+Enter", "Run test", () => void tests.runOnce(), { group: "Tests" });
  useShortcut("mod+Shift+Enter", "Run all cases", () => void tests.runAllCases(), { group: "Tests" });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const mod = IS_MAC ? event.metaKey : event.ctrlKey;
      if (event.key !== "Enter" || !mod || event.isComposing) return;
      if (
        event.target instanceof Element &&
        event.target.closest("[role=dialog], [role=alertdialog], .monaco-editor")
      ) {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      void (event.shiftKey ? latest.current.runAllCases() : latest.current.runOnce());
    };
    window.addEventListener("keydown", onKeyDown, true);
    return () => window.removeEventListener("keydown", onKeyDown, true);
  }, []);
}
