// What a mail says, as text or as HTML. The HTML is a page of its own in a frame: the server sends it with a policy that allows
// no scripts, no requests and no forms.
import { useState } from "react";
import { ENVIRONMENT, type Place } from "../../../api/client.ts";
import type { MailDetail } from "../../../api/queries/mails.ts";
import { Choice } from "../../../parts/choice.tsx";
import { usePlace } from "../../../parts/place.ts";
import { PlainText } from "../../../parts/plain_text.tsx";
import styles from "./mail_body.module.css";

const WAYS = [
  { value: "html", title: "HTML" },
  { value: "text", title: "Text" },
  { value: "source", title: "HTML source" },
] as const;

type Way = (typeof WAYS)[number]["value"];

export function MailBody({ mail }: { mail: MailDetail }) {
  const place = usePlace();
  const [chosen, setChosen] = useState<Way>(mail.html === null ? "text" : "html");
  if (mail.text === null && mail.html === null) {
    return (
      <p className={styles.gone}>
        The content is deleted once a mail was sent, because links and codes in it are as good as a password.
      </p>
    );
  }
  const ways = WAYS.filter(({ value }) => (value === "text" ? mail.text !== null : mail.html !== null));
  return (
    <div className={styles.body}>
      {ways.length > 1 && <Choice label="Show the mail as" options={ways} value={chosen} onChange={setChosen} />}
      {chosen === "html" ? (
        <iframe className={styles.frame} title="The mail as HTML" sandbox="" src={htmlOf(place, mail.id)} />
      ) : (
        <pre className={styles.text}>
          <PlainText>{(chosen === "text" ? mail.text : mail.html) ?? ""}</PlainText>
        </pre>
      )}
    </div>
  );
}

function htmlOf(place: Place, id: string): string {
  return `${ENVIRONMENT}/mails/{id}/html`
    .replace("{project}", encodeURIComponent(place.project))
    .replace("{environment}", encodeURIComponent(place.environment))
    .replace("{id}", encodeURIComponent(id));
}
