// The draft of a hook in the editor.
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { GoTo, Place } from "../../../editor/code_editor.tsx";
import { merged, type Problem } from "../../../editor/problems.ts";
import { Button } from "../../../parts/button.tsx";
import { useRights } from "../../../parts/rights.ts";
import { useShortcut } from "../../../parts/shortcuts.ts";
import { Skeleton } from "../../../parts/states.tsx";
import { say } from "../../../parts/toast.tsx";
import { useDraft, useHookPage } from "../draft/draft_context.tsx";
import type { DraftSession } from "../draft/draft_session.ts";
import { entryOf } from "../draft/files.ts";
import { codeRoute } from "../parts/hook_route.ts";
import { useIsPhone } from "../parts/use_is_phone.ts";
import { TestBeside } from "../test/parts/test_beside.tsx";
import { useRunKeys } from "../test/use_run_keys.ts";
import { useTests } from "../test/use_tests.ts";
import styles from "./code.module.css";
import { FileList } from "./parts/file_list.tsx";
import { LiveDifference } from "./parts/live_difference.tsx";
import { ofCheck } from "./parts/of_check.ts";
import { PhoneCode } from "./parts/phone_code.tsx";
import { ProblemList } from "./parts/problem_list.tsx";
import { StatusLine } from "./parts/status_line.tsx";
import { TemplateChoice } from "./parts/template_choice.tsx";

const Workbench = lazy(() => import("./workbench.tsx").then((file) => ({ default: file.Workbench })));

export function DraftCode({ session }: { session: DraftSession }) {
  const { id, live } = useHookPage();
  const { file, line, diff, panel } = codeRoute.useSearch();
  const isPhone = useIsPhone();
  const readOnly = useRights().why("hooks:deploy");
  const content = useDraft(session, ({ state }) => state.content);
  const check = useDraft(session, (snapshot) => snapshot.check);
  const [typescript, setTypescript] = useState<readonly Problem[]>([]);
  const [place, setPlace] = useState<Place>({ line: 1, column: 1 });
  const [isTabLeaving, setTabLeaving] = useState(false);
  const isEmpty = content.files.every((one) => one.text.trim() === "");
  // Offered to whoever comes to an empty hook, not to whoever empties it.
  const [offersTemplates, setOffersTemplates] = useState(isEmpty);
  useEffect(() => {
    if (!isEmpty) setOffersTemplates(false);
  }, [isEmpty]);
  const view = useView();
  const tests = useTests();
  const path = content.files.some((one) => one.path === file)
    ? (file ?? "")
    : (entryOf(id.hook, content.files, content.settings.entry) ?? "");
  const problems = useMemo(() => merged(ofCheck(check), typescript), [check, typescript]);
  const commands = useCommands(session, view, tests);
  const goTo = useGoTo(line, view.wished);

  useShortcut("mod+s", "Save now", commands.save, { group: "Editor" });
  useRunKeys({ runOnce: async () => commands.run(), runAllCases: async () => commands.runCases() });
  useShortcut("mod+Shift+d", "Show differences from live", commands.difference, { group: "Editor" });

  if (isPhone) return <PhoneCode files={content.files} path={path} onPath={(next) => view.open(next)} />;
  return (
    <div className={styles.code} data-panel={panel === "test" || undefined}>
      <FileList session={session} path={path} onPath={(next) => view.open(next)} readOnly={readOnly} />
      <section className={styles.main} aria-label="Editor">
        <div className={styles.bar}>
          <code className={styles.path}>{path}</code>
          <div className={styles.acts}>
            {live && (
              <Button small kind="quiet" icon="compare" isExpanded={diff ?? false} onPress={commands.difference}>
                {diff ? "Back to the code" : `Differences from v${live.number}`}
              </Button>
            )}
            <Button small icon="play" onPress={commands.run} isPending={tests.run.kind === "running"}>
              Run test
            </Button>
          </div>
        </div>
        <div className={styles.editor}>
          {diff && live ? (
            <LiveDifference content={content} path={file} onPath={(next) => view.open(next)} />
          ) : isEmpty && offersTemplates && !readOnly ? (
            <TemplateChoice session={session} onOwn={() => setOffersTemplates(false)} />
          ) : (
            <Suspense fallback={<Skeleton kind="text" rows={12} />}>
              <Workbench
                session={session}
                path={path}
                readOnly={readOnly}
                goTo={goTo}
                commands={commands}
                onCursor={setPlace}
                onOpen={view.open}
                onTabMoves={setTabLeaving}
                onTypescript={setTypescript}
              />
            </Suspense>
          )}
        </div>
        <ProblemList problems={problems} onGo={(problem) => view.open(problem.file, problem)} />
        <StatusLine session={session} problems={problems} place={place} isTabLeaving={isTabLeaving} />
      </section>
      {panel === "test" && <TestBeside onClose={view.closePanel} />}
    </div>
  );
}

/** What of the page is in its address: the file, the difference, the panel; and places that somebody wished to go to. */
function useView() {
  const navigate = useNavigate({ from: "/p/$project/$environment/hooks/$hook/code" });
  const [wished, setWished] = useState<GoTo>();
  return {
    wished,
    open: (file: string, at?: Place) => {
      void navigate({ search: (now) => ({ ...now, file, line: undefined }), replace: true });
      if (at) setWished((last) => ({ line: at.line, column: at.column, n: (last?.n ?? 0) + 1 }));
    },
    toggleDifference: () => {
      void navigate({
        search: (now) => ({ ...now, diff: now.diff ? undefined : true, line: undefined }),
        replace: true,
      });
    },
    openPanel: () => void navigate({ search: (now) => ({ ...now, panel: "test" }), replace: true }),
    closePanel: () => void navigate({ search: (now) => ({ ...now, panel: undefined }), replace: true }),
  };
}

function useCommands(session: DraftSession, view: ReturnType<typeof useView>, tests: ReturnType<typeof useTests>) {
  return {
    save: () => {
      void session.saveNow().then((revision) => {
        if (revision !== null) say(`Saved as revision ${revision}. Every edit is saved by itself.`);
      });
    },
    run: () => {
      view.openPanel();
      void tests.runOnce();
    },
    runCases: () => {
      view.openPanel();
      void tests.runAllCases();
    },
    difference: view.toggleDifference,
  };
}

/** The line of the address is gone to first, then whatever was wished for last. */
function useGoTo(line: number | undefined, wished: GoTo | undefined): GoTo | undefined {
  const ofAddress = useMemo(() => (line ? { line, column: 1, n: -line } : undefined), [line]);
  return wished && !line ? wished : ofAddress;
}
