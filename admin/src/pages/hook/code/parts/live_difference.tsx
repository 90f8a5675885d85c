// What the draft would change of what is live, unsaved edits included.
import { useQuery } from "@tanstack/react-query";
import { versionFiles } from "../../../../api/queries/versions.ts";
import { Answer, Empty, Skeleton } from "../../../../parts/states.tsx";
import { useDraft, useHookPage } from "../../draft/draft_context.tsx";
import type { DraftSession } from "../../draft/draft_session.ts";
import { differences } from "../../draft/files.ts";
import { Differences } from "../../parts/differences.tsx";
import styles from "../code.module.css";

type Props = { session: DraftSession; path: string | undefined; onPath: (path: string) => void };

export function LiveDifference({ session, path, onPath }: Props) {
  const content = useDraft(session, ({ state }) => state.content);
  const { id, live } = useHookPage();
  const number = live?.number ?? 0;
  const files = useQuery({ ...versionFiles(id, number), enabled: number > 0 });
  return (
    <div className={styles.difference}>
      <Answer
        query={files}
        what={`the files of version ${number}`}
        skeleton={<Skeleton kind="text" rows={8} />}
        isEmpty={(version) => version.sources === "none"}
        empty={<Empty sentence={`Version ${number} carries no sources, so there is nothing to compare with.`} />}
      >
        {(version) => (
          <Differences
            files={differences(version.files, content.files)}
            before={`version ${number}, live`}
            after="the draft"
            path={path}
            onPath={onPath}
          />
        )}
      </Answer>
    </div>
  );
}
