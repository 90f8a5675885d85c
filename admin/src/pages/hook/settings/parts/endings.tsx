// What can be taken away: the draft, and the hook from this environment. Versions stay in both cases.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { deploy } from "../../../../api/queries/deployments.ts";
import { deleteDraft } from "../../../../api/queries/drafts.ts";
import { Button } from "../../../../parts/button.tsx";
import { ConfirmDialog } from "../../../../parts/dialog.tsx";
import { Section } from "../../../../parts/page.tsx";
import { useEnvironment } from "../../../../parts/place.ts";
import { useRights } from "../../../../parts/rights.ts";
import { say } from "../../../../parts/toast.tsx";
import { useLine } from "../../deploy/line.ts";
import { useDraft, useHookPage } from "../../draft/draft_context.tsx";
import type { DraftSession } from "../../draft/draft_session.ts";
import styles from "../settings.module.css";

export function Endings() {
  const { session, live } = useHookPage();
  if (!session && !live) return null;
  return (
    <Section title="Take away">
      <div className={styles.group}>
        {session && <Draft session={session} />}
        {live && <FromEnvironment />}
      </div>
    </Section>
  );
}

function Draft({ session }: { session: DraftSession }) {
  const { id, summary, place, end } = useHookPage();
  const navigate = useNavigate();
  const revision = useDraft(session, ({ state }) => state.saved.revision);
  const missing = useRights().why("hooks:deploy");
  const [isAsking, setAsking] = useState(false);
  const isOnly = summary.versions === 0;
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <h3>Draft</h3>
        <p className={styles.dim}>
          {isOnly
            ? "The hook has no version: without its draft it is gone."
            : "Its versions stay, and what is live stays."}
        </p>
      </div>
      <Button kind="danger" onPress={() => setAsking(true)} whyNot={missing}>
        Discard the draft…
      </Button>
      <ConfirmDialog
        title={isOnly ? `Delete ${id.hook}?` : "Discard the draft?"}
        consequence={
          isOnly
            ? `${id.hook} has no version. Its draft, revision ${revision}, is all there is of it, and cannot be brought back; its test cases go with it.`
            : `Revision ${revision} is deleted and cannot be brought back. A new draft can begin from any version with sources.`
        }
        action={isOnly ? "Delete the hook" : "Discard the draft"}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await deleteDraft(id, session.read().state.saved.revision);
          end();
          say(isOnly ? `${id.hook} is deleted.` : "The draft is discarded.");
          if (isOnly) await navigate({ to: "/p/$project/$environment/hooks", params: place });
        }}
      />
    </div>
  );
}

function FromEnvironment() {
  const { id, place, live } = useHookPage();
  const environment = useEnvironment();
  const line = useLine();
  const cache = useQueryClient();
  const missing = useRights().why("hooks:deploy");
  const [isAsking, setAsking] = useState(false);
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <h3>In {place.environment}</h3>
        <p className={styles.dim}>Its versions stay and can be deployed again. To stop it for a while, disable it.</p>
      </div>
      <Button kind="danger" onPress={() => setAsking(true)} whyNot={missing}>
        Remove from {place.environment}…
      </Button>
      <ConfirmDialog
        title={`Remove ${id.hook} from ${place.environment}?`}
        consequence={`Version ${live?.number ?? "?"} is live no longer from the next request on; requests continue without it. All other hooks stay as they are.`}
        action={`Remove from ${place.environment}`}
        environment={environment}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          const message = `${id.hook} removed`;
          await deploy(place, { hooks: [], keepOthers: true, removes: [id.hook], expect: line.number, message });
          await Promise.all([
            cache.invalidateQueries({ queryKey: [place.project, place.environment] }),
            cache.invalidateQueries({ queryKey: [place.project, "hooks"] }),
          ]);
          say(`${id.hook} is no longer live in ${place.environment}.`);
        }}
      />
    </div>
  );
}
