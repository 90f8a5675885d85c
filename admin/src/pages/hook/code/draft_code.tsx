// The draft of a hook in the editor.
import { useNavigate } from "@tanstack/react-router";
import { type ComponentProps, lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { Wish } from "../../../assistant/use_ask.ts";
import type { GoTo, Place, SelectedLines } from "../../../editor/code_editor.tsx";
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
import { Cursor } from "./parts/cursor.ts";
import { FileList } from "./parts/file_list.tsx";
import { LiveDifference } from "./parts/live_difference.tsx";
import { ofCheck } from "./parts/of_check.ts";
import { PhoneCode } from "./parts/phone_code.tsx";
import { ProblemList } from "./parts/problem_list.tsx";
import { StatusLine } from "./parts/status_line.tsx";
import { TemplateChoice } from "./parts/template_choice.tsx";

const Workbench = lazy(() => import("./workbench.tsx").then((file) => ({ default: file.Workbench })));
const AssistantBeside = lazy(() =>
  import("../../../assistant/chat.tsx").then((file) => ({ default: file.AssistantBeside })),
);

export function DraftCode({ session }: { session: DraftSession }) {
  const { id, live } = useHookPage();
  const { file, line, diff, panel } = codeRoute.useSearch();
  const isPhone = useIsPhone();
  const readOnly = useRights().why("hooks:deploy");
  // What is typed changes none of these: the page around the editor is not drawn again for every key.
  const entry = useDraft(session, ({ state: { content } }) => entryOf(id.hook, content.files, content.settings.entry));
  const isFile = useDraft(session, ({ state }) => state.content.files.some((one) => one.path === file));
  const isEmpty = useDraft(session, ({ state }) => state.content.files.every((one) => one.text.trim() === ""));
  const check = useDraft(session, (snapshot) => snapshot.check);
  const [typescript, setTypescript] = useState<readonly Problem[]>([]);
  const cursor = useMemo(() => new Cursor(), []);
  const [isTabLeaving, setTabLeaving] = useState(false);
  const [selected, setSelected] = useState<SelectedLines | null>(null);
  // Offered to whoever comes to an empty hook, not to whoever empties it.
  const [offersTemplates, setOffersTemplates] = useState(isEmpty);
  useEffect(() => {
    if (!isEmpty) setOffersTemplates(false);
  }, [isEmpty]);
  const view = useView();
  const tests = useTests();
  const path = (isFile ? file : entry) ?? "";
  const problems = useMemo(() => merged(ofCheck(check), typescript), [check, typescript]);
  const { wish, toggle, explain } = useAssistant(view, panel === "assistant");
  const commands = {
    ...useCommands(session, view, tests),
    assistant: toggle,
    explain: () => explain(selected ? "selection" : "problems"),
  };
  const goTo = useGoTo(line, view.wished);

  useShortcut("mod+s", "Save now", commands.save, { group: "Editor" });
  useRunKeys({ runOnce: async () => commands.run(), runAllCases: async () => commands.runCases() });
  useShortcut("mod+j", "Ask the assistant", toggle, { group: "Editor" });
  useShortcut("mod+Shift+d", "Show differences from live", commands.difference, { group: "Editor" });

  const assistant = panel === "assistant" && (
    <Suspense fallback={<Skeleton kind="text" rows={8} />}>
      <AssistantBeside
        session={session}
        points={tests.points.map((one) => one.name)}
        point={tests.current?.point.name ?? null}
        selection={selected ? { file: path, ...selected } : null}
        problems={problems}
        wish={wish}
        onClose={view.closePanel}
      />
    </Suspense>
  );
  if (isPhone) {
    return (
      <PhoneDraft session={session} path={path} onPath={(next) => view.open(next)}>
        {assistant || (
          <Button icon="spark" onPress={toggle}>
            Ask the assistant
          </Button>
        )}
      </PhoneDraft>
    );
  }
  return (
    <div className={styles.code} data-panel={panel}>
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
            {selected && (
              <Button small kind="quiet" icon="spark" onPress={commands.explain}>
                Explain {selected.startLine === selected.endLine ? "the line" : "the lines"}
              </Button>
            )}
            {panel !== "assistant" && (
              <Button small kind="quiet" icon="spark" isExpanded={false} onPress={toggle}>
                Assistant
              </Button>
            )}
            <Button
              small
              icon="play"
              onPress={commands.run}
              isPending={tests.run.kind === "running"}
              whyNot={tests.whyNot}
            >
              Run test
            </Button>
          </div>
        </div>
        <div className={styles.editor}>
          {diff && live ? (
            <LiveDifference session={session} path={file} onPath={(next) => view.open(next)} />
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
                onCursor={cursor.moveTo}
                onSelection={setSelected}
                onOpen={view.open}
                onTabMoves={setTabLeaving}
                onTypescript={(found) => setTypescript((last) => (found.length + last.length === 0 ? last : found))}
              />
            </Suspense>
          )}
        </div>
        <ProblemList
          problems={problems}
          onGo={(problem) => view.open(problem.file, problem)}
          onExplain={() => explain("problems")}
        />
        <StatusLine session={session} problems={problems} cursor={cursor} isTabLeaving={isTabLeaving} />
      </section>
      {panel === "test" && <TestBeside onClose={view.closePanel} />}
      {assistant}
    </div>
  );
}

function PhoneDraft({ session, ...rest }: { session: DraftSession } & Omit<ComponentProps<typeof PhoneCode>, "files">) {
  return <PhoneCode files={useDraft(session, ({ state }) => state.content.files)} {...rest} />;
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
    openPanel: (panel: "test" | "assistant") => void navigate({ search: (now) => ({ ...now, panel }), replace: true }),
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
      view.openPanel("test");
      void tests.runOnce();
    },
    runCases: () => {
      view.openPanel("test");
      void tests.runAllCases();
    },
    difference: view.toggleDifference,
  };
}

/** The panel of the assistant, and what buttons outside of it ask. */
function useAssistant(view: ReturnType<typeof useView>, isOpen: boolean) {
  const [wish, setWish] = useState<Wish | null>(null);
  return {
    wish,
    toggle: () => (isOpen ? view.closePanel() : view.openPanel("assistant")),
    explain: (about: Wish["about"]) => {
      view.openPanel("assistant");
      setWish({ task: "explain", about });
    },
  };
}

/** The line of the address is gone to first, then whatever was wished for last. */
function useGoTo(line: number | undefined, wished: GoTo | undefined): GoTo | undefined {
  const ofAddress = useMemo(() => (line ? { line, column: 1, n: -line } : undefined), [line]);
  return wished && !line ? wished : ofAddress;
}
