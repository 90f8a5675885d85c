// What a hook decided, in words first: what a client of the project would get.
import type { Reply } from "../../../../../docs/openapi.d.ts";
import { JsonView } from "../../../parts/json.tsx";
import { PlainText } from "../../../parts/plain_text.tsx";
import styles from "./reply_view.module.css";

export function ReplyView({ reply, isEvent = false }: { reply: Reply; isEvent?: boolean }) {
  switch (reply.kind) {
    case "allow":
      return <p className={styles.words}>{isEvent ? "It was handled." : "The request continues unchanged."}</p>;
    case "deny":
      return (
        <p className={styles.words}>
          The client gets status {reply.status} with the code <code>{reply.code}</code>:{" "}
          <q>
            <PlainText>{reply.message}</PlainText>
          </q>
        </p>
      );
    case "patch":
      return <JsonView value={reply.patch} name="Patch" isSearchHidden />;
    case "failure":
      return (
        <p className={styles.words}>
          <code>{reply.code}</code>: <PlainText>{reply.message}</PlainText>
        </p>
      );
  }
}
