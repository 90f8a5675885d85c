// Two texts side by side. Monaco throws if a model goes before the editor that shows it, so the order of the end is fixed here: the
// editor lets go of its models, then it is given back, then they are.
import { useEffect, useRef } from "react";
import styles from "./editor.module.css";
import { languageOf } from "./models.ts";
import { monaco } from "./monaco.ts";
import { CALM } from "./options.ts";
import { followTheme } from "./theme.ts";

type Props = {
  /** Names the file, and so the language. */
  path: string;
  before: string;
  after: string;
  /** What the two sides are, for those who cannot see them. */
  label: string;
  isInline?: boolean;
};

export function DiffEditor({ path, before, after, label, isInline = false }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const widget = useRef<monaco.editor.IStandaloneDiffEditor | null>(null);

  useEffect(() => {
    if (!host.current) return;
    const leaveTheme = followTheme();
    const editor = monaco.editor.createDiffEditor(host.current, OPTIONS);
    widget.current = editor;
    const element = host.current;
    // As high as what it shows, up to what the page leaves for it.
    const sized = editor.getModifiedEditor().onDidContentSizeChange(({ contentHeight }) => {
      element.style.height = `${contentHeight + SCROLLBAR}px`;
    });
    return () => {
      sized.dispose();
      widget.current = null;
      editor.setModel(null);
      editor.dispose();
      leaveTheme();
    };
  }, []);

  useEffect(() => {
    const editor = widget.current;
    if (!editor) return;
    const language = languageOf(path);
    const original = monaco.editor.createModel(before, language);
    const modified = monaco.editor.createModel(after, language);
    editor.setModel({ original, modified });
    let isCompared = false;
    const compared = editor.onDidUpdateDiff(() => {
      isCompared = true;
    });
    return () => {
      compared.dispose();
      // The widget may be gone by then, with its models let go of.
      if (widget.current === editor) editor.setModel(null);
      const end = () => {
        original.dispose();
        modified.dispose();
      };
      // A comparison that is under way goes on without the widget, and throws if its models are gone by then.
      if (isCompared) end();
      else setTimeout(end, COMPARED_WITHIN_MS);
    };
  }, [path, before, after]);

  useEffect(() => {
    const editor = widget.current;
    editor?.updateOptions({ renderSideBySide: !isInline });
    editor?.getOriginalEditor().updateOptions({ ariaLabel: `${path}, before: ${label}` });
    editor?.getModifiedEditor().updateOptions({ ariaLabel: `${path}, after: ${label}` });
  }, [isInline, path, label]);

  return <div ref={host} className={styles.editor} data-diff={path} />;
}

const SCROLLBAR = 12;
const COMPARED_WITHIN_MS = 10_000;

const OPTIONS: monaco.editor.IStandaloneDiffEditorConstructionOptions = {
  ...CALM,
  readOnly: true,
  originalEditable: false,
  renderOverviewRuler: false,
  renderMarginRevertIcon: false,
  useInlineViewWhenSpaceIsLimited: true,
  renderSideBySideInlineBreakpoint: 720,
  hideUnchangedRegions: { enabled: true, contextLineCount: 3, minimumLineCount: 4 },
  diffAlgorithm: "advanced",
  accessibilityVerbose: true,
};
