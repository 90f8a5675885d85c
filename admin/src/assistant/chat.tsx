// The assistant beside the code: a conversation about the hook of the page. What it proposes is looked at here, and a person applies it.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { type AssistantSettings, assistantSettings } from "../api/queries/assistant.ts";
import { useHookPage } from "../pages/hook/draft/draft_context.tsx";
import type { DraftSession } from "../pages/hook/draft/draft_session.ts";
import { IconButton } from "../parts/button.tsx";
import { shownKeys } from "../parts/shortcuts.ts";
import { Answer, Skeleton } from "../parts/states.tsx";
import { Tag } from "../parts/tag.tsx";
import { AssistantOff } from "./assistant_off.tsx";
import styles from "./chat.module.css";
import { Chat } from "./chat_store.ts";
import { Composer } from "./composer.tsx";
import { ExchangeView } from "./exchange.tsx";
import { UsageLine } from "./usage_line.tsx";
import { type Surroundings, useAsk, type Wish } from "./use_ask.ts";

type Props = Surroundings & {
  session: DraftSession;
  /** What somebody pressed outside of the panel: it is asked once. */
  wish: Wish | null;
  onClose: () => void;
};

export function AssistantBeside({ session, wish, onClose, ...surroundings }: Props) {
  const { id } = useHookPage();
  const settings = useQuery(assistantSettings(id.project));
  const chat = chatOf(session);
  useFocusBack();
  return (
    <aside className={styles.beside} aria-label="Assistant">
      <header className={styles.head}>
        <h2>Assistant</h2>
        {settings.data?.model && <Tag title="The model that answers">{settings.data.model}</Tag>}
        <span className={styles.tools}>
          <kbd className={styles.keys}>{shownKeys("mod+j").join(" ")}</kbd>
          {settings.data?.state === "on" && (
            <IconButton icon="refresh" label="Begin a new conversation" small onPress={() => chat.clear()} />
          )}
          <IconButton icon="close" label="Close the assistant" small onPress={onClose} />
        </span>
      </header>
      <Answer
        query={settings}
        what="the settings of the assistant"
        skeleton={<Skeleton kind="text" rows={4} />}
        isEmpty={(data) => data.state === "off"}
        empty={<AssistantOff project={id.project} />}
      >
        {(data) => (
          <Conversation session={session} chat={chat} settings={data} wish={wish} surroundings={surroundings} />
        )}
      </Answer>
    </aside>
  );
}

type ConversationProps = {
  session: DraftSession;
  chat: Chat;
  settings: AssistantSettings;
  wish: Wish | null;
  surroundings: Surroundings;
};

function Conversation({ session, chat, settings, wish, surroundings }: ConversationProps) {
  const exchanges = useSyncExternalStore(chat.subscribe, chat.read);
  const asking = useAsk(session, chat, settings, surroundings, wish);
  const log = useRef<HTMLDivElement>(null);
  useStayAtEnd(log, exchanges);
  return (
    <div className={styles.conversation}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it can be reached by keyboard */}
      <div className={styles.log} ref={log} role="log" aria-label="Conversation" aria-live="off" tabIndex={0}>
        {exchanges.length === 0 && <Beginning settings={settings} />}
        {exchanges.map((exchange) => (
          <ExchangeView
            key={exchange.id}
            of={exchange}
            chat={chat}
            session={session}
            onAgain={() => asking.again(exchange.question)}
            whyNot={asking.whyNot}
          />
        ))}
      </div>
      <Composer asking={asking} surroundings={surroundings} isBusy={chat.isBusy} onStop={() => chat.stop()} />
      <UsageLine of={settings} />
    </div>
  );
}

function Beginning({ settings }: { settings: AssistantSettings }) {
  return (
    <div className={styles.beginning}>
      <p>
        Say what the hook should do. What the assistant writes is compiled and run against the hook’s test cases before
        you can apply it to the draft. It never deploys anything.
      </p>
      <p className={styles.dim}>
        Your question, the draft, and the types and samples of its hook point are sent to {hostOf(settings.baseUrl)}.
        Secrets never are, and each answer lists what was sent.
      </p>
    </div>
  );
}

function hostOf(url: string | null): string {
  return url && URL.canParse(url) ? new URL(url).host : "the model";
}

const chats = new WeakMap<DraftSession, Chat>();

/** The conversation about a draft: as long as the pages of the hook are open. */
function chatOf(session: DraftSession): Chat {
  const known = chats.get(session);
  if (known) return known;
  const made = new Chat(session.id);
  chats.set(session, made);
  session.atClose(() => made.stop());
  return made;
}

/** Goes along with what is written, unless somebody scrolled up to read. */
function useStayAtEnd(log: { current: HTMLDivElement | null }, changed: unknown): void {
  const isAtEnd = useRef(true);
  useEffect(() => {
    const element = log.current;
    if (!element) return;
    const onScroll = () => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => element.removeEventListener("scroll", onScroll);
  }, [log]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is new has to be watched as well
  useEffect(() => {
    const element = log.current;
    if (!element) return;
    const toEnd = () => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    };
    // A difference has its height once it is compared.
    const grown = new ResizeObserver(toEnd);
    for (const child of element.children) grown.observe(child);
    toEnd();
    return () => grown.disconnect();
  }, [log, changed]);
}

/** Whoever closes the panel is where they were before. */
function useFocusBack(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}
