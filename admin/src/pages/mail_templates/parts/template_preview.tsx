// A mail as it would be, made by the server from what is in the form, with data that can be changed.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { mailPreview, type OwnMailTemplate } from "../../../api/queries/mail_templates.ts";
import { Choice } from "../../../parts/choice.tsx";
import { TextArea } from "../../../parts/field.tsx";
import { pageNonce } from "../../../parts/nonce.ts";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { PlainText } from "../../../parts/plain_text.tsx";
import { Problem } from "../../../parts/states.tsx";
import { previewDocument } from "./preview_document.ts";
import { readData, sampleOf } from "./sample.ts";
import { type TemplateForm, toPreview } from "./template_form.ts";
import styles from "./template_preview.module.css";

type Props = { name: string; form: TemplateForm; own: OwnMailTemplate | undefined };

/** Typing is rendered when it pauses. */
const PAUSE_MS = 350;

export function TemplatePreview({ name, form, own }: Props) {
  const place = usePlace();
  const [data, setData] = useState(() => JSON.stringify(sampleOf(own), null, 2));
  const read = readData(data);
  const body = useMemo(
    () => JSON.stringify({ ...toPreview(form), ...("value" in read ? { data: read.value } : {}) }),
    [form, read],
  );
  const settled = useSettled(body);
  const isReady = "value" in read && (form.text.trim() !== "" || form.html.trim() !== "");
  const query = useQuery({
    ...mailPreview(place, name, JSON.parse(settled)),
    enabled: isReady,
    placeholderData: keepPreviousData,
  });
  return (
    <Section title="Preview">
      {!isReady && "value" in read && <p className={styles.none}>Write a text or HTML to see it here.</p>}
      {isReady && query.error && <Problem error={query.error} />}
      {isReady && !query.error && <Shown {...(query.data ?? empty(form))} />}
      <TextArea
        name="data"
        label="Data"
        mono
        rows={Math.min(12, Math.max(3, data.split("\n").length))}
        value={data}
        onChange={setData}
        hint="What the mail is made with here, as JSON."
        problem={"problem" in read ? read.problem : undefined}
      />
    </Section>
  );
}

type ShownProps = { subject: string; text: string | null; html: string | null };

function Shown({ subject, text, html }: ShownProps) {
  const [chosen, setChosen] = useState<"html" | "text">("html");
  const ways = [
    ...(html === null ? [] : [{ value: "html" as const, title: "HTML" }]),
    ...(text === null ? [] : [{ value: "text" as const, title: "Text" }]),
  ];
  const way = ways.some(({ value }) => value === chosen) ? chosen : ways[0]?.value;
  return (
    <div className={styles.mail}>
      <p className={styles.subject}>
        <PlainText>{subject}</PlainText>
      </p>
      {ways.length > 1 && way && <Choice label="Show the preview as" options={ways} value={way} onChange={setChosen} />}
      {way === "html" ? (
        <iframe
          className={styles.frame}
          title="The mail as HTML"
          sandbox=""
          srcDoc={previewDocument(html ?? "", pageNonce())}
        />
      ) : (
        <pre className={styles.text}>
          <PlainText>{text ?? ""}</PlainText>
        </pre>
      )}
    </div>
  );
}

/** What stands there until the preview has come: of the same height, so that nothing moves then. */
function empty(form: TemplateForm): ShownProps {
  return {
    subject: "\u00a0",
    text: form.text.trim() === "" ? null : "",
    html: form.html.trim() === "" ? null : "",
  };
}

/** The value once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
