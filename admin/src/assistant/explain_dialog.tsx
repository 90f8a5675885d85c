// Explains an invocation in a dialog: what is sent is said first, then the answer comes in as it is written. It changes nothing.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { type AssistantSettings, assistantSettings } from "../api/queries/assistant.ts";
import type { Invocation } from "../api/queries/invocations.ts";
import { versionFiles } from "../api/queries/versions.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { usePlace } from "../parts/place.ts";
import { useRights } from "../parts/rights.ts";
import { Answer, Problem, Skeleton } from "../parts/states.tsx";
import { AssistantOff } from "./assistant_off.tsx";
import { Chat } from "./chat_store.ts";
import { isUnderWay } from "./conversation.ts";
import { AnswerView } from "./exchange.tsx";
import styles from "./explain_dialog.module.css";
import { UsageLine } from "./usage_line.tsx";

type Props = { of: Pick<Invocation, "id" | "hook" | "point" | "version">; isOpen: boolean; onClose: () => void };

export function ExplainDialog({ of, isOpen, onClose }: Props) {
  return (
    <Dialog title="Explain this invocation" size="m" isOpen={isOpen} onClose={onClose}>
      <Explanation of={of} />
    </Dialog>
  );
}

function Explanation({ of }: Pick<Props, "of">) {
  const { project } = usePlace();
  const settings = useQuery(assistantSettings(project));
  return (
    <Answer
      query={settings}
      what="the settings of the assistant"
      skeleton={<Skeleton kind="text" rows={4} />}
      isEmpty={(data) => data.state === "off"}
      empty={<AssistantOff project={project} />}
    >
      {(data) => <Asked of={of} settings={data} />}
    </Answer>
  );
}

function Asked({ of, settings }: Pick<Props, "of"> & { settings: AssistantSettings }) {
  const { project, environment } = usePlace();
  const readOnly = useRights().why("hooks:deploy");
  const id = { project, hook: of.hook };
  const [chat] = useState(() => new Chat(id));
  // What ran is what is explained, whatever the draft has become.
  const version = useQuery(versionFiles(id, of.version));
  const code = version.data?.sources === "bundled" ? version.data : null;
  const exchange = useSyncExternalStore(chat.subscribe, chat.read).at(-1);
  useEffect(() => () => chat.stop(), [chat]);
  const ask = () => {
    chat.clear();
    void chat.ask(
      { task: "explain", text: "Explain what happened in this invocation.", attached: [] },
      {
        task: "explain",
        environment,
        point: of.point,
        ...(code && { files: [...code.files], settings: code.settings }),
        attach: { diagnostics: false, case: null, invocation: of.id },
      },
    );
  };
  return (
    <div className={styles.explain}>
      {!exchange && (
        <p>
          The code of version {of.version} and this invocation are sent to <strong>{settings.model}</strong>. The
          invocation is redacted before: addresses, names of people and what looks like a secret are replaced.
        </p>
      )}
      {exchange && (
        <div className={styles.answer} aria-busy={isUnderWay(exchange)}>
          <AnswerView of={exchange} />
          {exchange.end?.kind === "failed" && <Problem error={exchange.end.error} onRetry={ask} />}
          {exchange.end?.kind === "stopped" && <p className={styles.dim}>Stopped.</p>}
        </div>
      )}
      <div className={styles.acts}>
        {isUnderWay(exchange) ? (
          <Button icon="stop" onPress={() => chat.stop()}>
            Stop
          </Button>
        ) : (
          <Button
            kind={exchange ? "plain" : "primary"}
            icon="spark"
            onPress={ask}
            isPending={version.isPending}
            whyNot={readOnly ?? (version.data && !code ? `Version ${of.version} carries no sources` : undefined)}
          >
            {exchange ? "Explain again" : "Explain"}
          </Button>
        )}
      </div>
      <UsageLine of={settings} />
    </div>
  );
}
