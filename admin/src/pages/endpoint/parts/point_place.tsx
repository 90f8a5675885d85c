// A hook point of an endpoint: when it runs, what its hooks may change, and each of its hooks.
import { useQuery } from "@tanstack/react-query";
import type { EndpointPoint } from "../../../api/queries/endpoints.ts";
import { hookPoints } from "../../../api/queries/hooks.ts";
import { Button } from "../../../parts/button.tsx";
import { Status } from "../../../parts/outcome.tsx";
import { useRights } from "../../../parts/rights.ts";
import { DeployedHook } from "./deployed_hook.tsx";
import styles from "./place.module.css";

type Props = { of: EndpointPoint; onCreate: (place: string) => void };

export function PointPlace({ of, onCreate }: Props) {
  const rights = useRights();
  const about = useQuery({ ...hookPoints, select: (list) => list.points.find((one) => one.name === of.point) }).data;
  return (
    <li className={styles.place}>
      <header className={styles.head}>
        <h3>
          <code>{of.point}</code>
        </h3>
        <Status
          of={of.status === "enabled" ? "enabled" : "disabled"}
          word={of.status === "enabled" ? "Enabled" : "Disabled"}
        />
        {about && <span className={styles.may}>{mayChange(about.phase, about.mayChange)}</span>}
      </header>
      {of.hooks.map((hook) => (
        <DeployedHook key={hook.name} of={hook} at={of.point} />
      ))}
      {of.hooks.length === 0 && (
        <div className={styles.none}>
          <span>No hook runs here.</span>
          <Button small icon="plus" whyNot={rights.why("hooks:deploy")} onPress={() => onCreate(of.point)}>
            Create a hook
          </Button>
        </div>
      )}
    </li>
  );
}

function mayChange(phase: "before" | "after", names: readonly string[]): string {
  const deny = phase === "before" ? "can deny" : "cannot deny";
  return names.length === 0 ? `${deny}, changes nothing` : `${deny}, can change ${names.join(", ")}`;
}
