// What a hook does, in a sentence or two, with where that is from. It is asked for when it comes into sight.
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import type { HookId } from "../../../api/queries/drafts.ts";
import { type CodeSummary, draftSummary, versionSummary } from "../../../api/queries/summaries.ts";
import { originWords } from "../../../assistant/words.ts";
import { MarkdownLine } from "../../../parts/markdown.tsx";
import { Tag } from "../../../parts/tag.tsx";
import { useSeen } from "../../../parts/use_seen.ts";
import styles from "./code_summary.module.css";

/** Of which code: a version, or the draft at a revision. */
export type Summarised = { version: number } | { revision: number };

type Props = { id: HookId; of: Summarised };

export function CodeSummaryText({ id, of }: Props) {
  const place = useRef<HTMLParagraphElement>(null);
  const data = useSummary(id, of, useSeen(place));
  return (
    <p ref={place} className={styles.summary}>
      {data && (
        <>
          <MarkdownLine text={data.text} /> <Origin of={data} />
        </>
      )}
    </p>
  );
}

/** In one line, as in a list; `instead` is there until it is known, and if it cannot be. */
export function CodeSummaryLine({ id, of, instead }: Props & { instead: ReactNode }) {
  const place = useRef<HTMLSpanElement>(null);
  const data = useSummary(id, of, useSeen(place));
  const text = data?.text ?? "";
  const words = text.replaceAll("`", "");
  return (
    <span
      ref={place}
      title={text === "" ? undefined : `${words} (${originWords(data?.origin ?? "code", data?.model ?? null)})`}
    >
      {text === "" ? instead : <MarkdownLine text={text} />}
    </span>
  );
}

function useSummary(id: HookId, of: Summarised, isSeen: boolean): CodeSummary | undefined {
  const more = { enabled: isSeen, retry: false };
  const version = useQuery({
    ...versionSummary(id, "version" in of ? of.version : 0),
    ...more,
    enabled: isSeen && "version" in of,
  });
  const draft = useQuery({
    ...draftSummary(id, "revision" in of ? of.revision : 0),
    ...more,
    enabled: isSeen && "revision" in of,
  });
  // A bundle can be without its sources; the rest of the page is there all the same.
  return "version" in of ? version.data : draft.data;
}

function Origin({ of }: { of: CodeSummary }) {
  const isModel = of.origin === "model";
  return (
    <Tag
      tone={isModel ? "accent" : "neutral"}
      title={
        isModel
          ? "Written by a model that read the code: it can be wrong"
          : "Derived from the code; nothing of it was run"
      }
    >
      {originWords(of.origin, of.model)}
    </Tag>
  );
}
