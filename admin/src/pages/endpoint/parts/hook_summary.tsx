// What a hook does, in a sentence or two, with where that is from.
import { useQuery } from "@tanstack/react-query";
import { versionFiles } from "../../../api/queries/versions.ts";
import { usePlace } from "../../../parts/place.ts";
import { PlainText } from "../../../parts/plain_text.tsx";
import { Tag } from "../../../parts/tag.tsx";
import styles from "./place.module.css";
import { summaryOf } from "./summary.ts";

type Props = { hook: string; version: number /** The hook point or event. */; at: string };

export function HookSummary({ hook, version, at }: Props) {
  const { project } = usePlace();
  const { data } = useQuery({
    ...versionFiles({ project, hook }, version),
    select: ({ files }) => summaryOf(files, at),
    // A bundle can be without its sources; the rest of the page is there all the same.
    retry: false,
  });
  const text = [data?.comment, data?.facts].filter(Boolean).join(" ");
  if (!text) return null;
  return (
    <p className={styles.summary}>
      <PlainText>{text}</PlainText> <Tag title={`Read from the sources of version ${version}`}>from the code</Tag>
    </p>
  );
}
