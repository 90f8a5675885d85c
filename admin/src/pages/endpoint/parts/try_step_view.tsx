// One hook of a request that was tried: its decision, its log, and what it asked of the server.
import type { TryStep } from "../../../api/queries/tries.ts";
import { Fuel } from "../../../parts/figures.tsx";
import { Link } from "../../../parts/link.tsx";
import { usePlace } from "../../../parts/place.ts";
import { HostCalls } from "../../hook/parts/host_calls.tsx";
import { ReplyView } from "../../hook/parts/reply_view.tsx";
import { Logs } from "../../invocations/parts/logs.tsx";
import styles from "./try_step_view.module.css";

export function TryStepView({ of }: { of: TryStep }) {
  const place = usePlace();
  return (
    <div className={styles.step}>
      {of.reply && of.reply.kind !== "allow" && <ReplyView reply={of.reply} />}
      <Logs of={of.logs} />
      {of.hostCalls.length > 0 && <HostCalls calls={of.hostCalls} />}
      <p className={styles.dim}>
        {of.fuel !== undefined && (
          <>
            Fuel <Fuel n={of.fuel} />.{" "}
          </>
        )}
        {of.hook && (
          <Link to="/p/$project/$environment/hooks/$hook/test" params={{ ...place, hook: of.hook }}>
            Test {of.hook} alone
          </Link>
        )}
      </p>
    </div>
  );
}
