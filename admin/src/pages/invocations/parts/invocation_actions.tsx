// What can be done with a recorded invocation: replay it, make a test of it, look at the code that ran, compare it with another.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { replay, type Target } from "../../../api/queries/hook_tests.ts";
import { type InvocationDetail, recordingOf } from "../../../api/queries/invocations.ts";
import { ExplainDialog } from "../../../assistant/explain_dialog.tsx";
import { Button } from "../../../parts/button.tsx";
import { downloadText } from "../../../parts/download.ts";
import { ButtonLink } from "../../../parts/link.tsx";
import { Menu } from "../../../parts/menu.tsx";
import { usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { sayProblem } from "../../../parts/toast.tsx";
import { CompareDialog } from "./compare_dialog.tsx";
import styles from "./invocation_actions.module.css";
import { MakeCase } from "./make_case.tsx";
import { ReplayDialog } from "./replay_dialog.tsx";

type Open = "case" | "compare" | "explain" | null;

export function InvocationActions({ of }: { of: InvocationDetail }) {
  const place = usePlace();
  const rights = useRights();
  const [open, setOpen] = useState<Open>(null);
  const [target, setTarget] = useState<Target | null>(null);
  const run = useMutation({ mutationFn: (on: Target) => replay(place, of.id, on) });
  const start = (on: Target) => {
    setTarget(on);
    run.mutate(on);
  };
  const close = () => setOpen(null);
  const mayNot = rights.why("hooks:deploy");
  return (
    <div className={styles.actions}>
      <Menu
        label="Replay"
        isNamed
        items={[
          {
            id: "same",
            title: `Version ${of.version}, which ran`,
            hint: "The same reply and fuel are expected",
            onAction: () => start(of.version),
          },
          { id: "live", title: "The live version", onAction: () => start("live") },
          { id: "draft", title: "The draft", onAction: () => start("draft") },
        ]}
      />
      <Button icon="plus" onPress={() => setOpen("case")} whyNot={mayNot}>
        Make it a test
      </Button>
      <ButtonLink
        icon="code"
        to="/p/$project/$environment/hooks/$hook/code"
        params={{ ...place, hook: of.hook }}
        search={{ version: of.version }}
      >
        Code of version {of.version}
      </ButtonLink>
      {of.reply.kind !== "allow" && (
        <Button icon="spark" onPress={() => setOpen("explain")}>
          Explain
        </Button>
      )}
      <More of={of} onCompare={() => setOpen("compare")} />
      {open === "case" && <MakeCase of={of} onClose={close} />}
      <ExplainDialog of={of} isOpen={open === "explain"} onClose={close} />
      {open === "compare" && <CompareDialog of={of} onClose={close} />}
      {target !== null && (
        <ReplayDialog of={of} target={target} run={run} onClose={() => setTarget(null)} onAgain={start} />
      )}
    </div>
  );
}

function More({ of, onCompare }: { of: InvocationDetail; onCompare: () => void }) {
  const place = usePlace();
  const rights = useRights();
  const save = useMutation({
    mutationFn: () => recordingOf(place, of.id),
    onSuccess: (recording) => downloadText(`${of.id}.json`, JSON.stringify(recording, null, 2), "application/json"),
    onError: sayProblem,
  });
  return (
    <Menu
      label="More actions"
      items={[
        { id: "compare", title: "Compare with another…", icon: "compare", onAction: onCompare },
        {
          id: "export",
          title: "Export the recording",
          hint: "For aerocall replay on another machine. It has the random seed; the audit log notes the export.",
          icon: "download",
          whyNot: rights.why("data:write"),
          onAction: () => save.mutate(),
        },
      ]}
    />
  );
}
