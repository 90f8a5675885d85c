// A deployment that was made: what is live now, what is missing for it, and where to go from here.

import { Button } from "../../../../parts/button.tsx";
import { ButtonLink, Link } from "../../../../parts/link.tsx";
import { Status } from "../../../../parts/outcome.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import styles from "../deploy.module.css";
import type { Outcome } from "../use_deploy.ts";

type Props = { outcome: Extract<Outcome, { kind: "live" }>; onBack: () => void };

export function Deployed({ outcome, onBack }: Props) {
  const { place, id } = useHookPage();
  const { deployment, missingSecrets } = outcome.result;
  const params = { ...place, hook: id.hook };
  return (
    <div className={styles.deployed} role="status">
      <h2>
        Version {outcome.number} is live in {place.environment}.
      </h2>
      <p>
        <Status of="live" word={`Deployment ${deployment.number}`} />
        {deployment.message ? `: ${deployment.message}` : ""}
      </p>
      {missingSecrets.length > 0 && (
        <p className={styles.missing}>
          The environment lacks {missingSecrets.map((one) => one.secret).join(", ")}: what uses such a secret fails
          until it is{" "}
          <Link to="/p/$project/$environment/secrets" params={place}>
            set
          </Link>
          .
        </p>
      )}
      <div className={styles.acts}>
        <ButtonLink kind="primary" to="/p/$project/$environment/hooks/$hook/calls" params={params}>
          Watch its invocations
        </ButtonLink>
        <ButtonLink to="/p/$project/$environment/hooks/$hook/history" params={params} icon="history">
          Version history
        </ButtonLink>
        <Button kind="quiet" onPress={onBack}>
          Deploy another
        </Button>
      </div>
    </div>
  );
}
