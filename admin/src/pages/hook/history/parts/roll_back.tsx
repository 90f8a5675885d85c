// Going back to an older version of one hook. It is a new deployment that has the hook as it was in an earlier one; no gate stops it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { DeploymentDetail, Version } from "../../../../../../docs/openapi.d.ts";
import type { Place } from "../../../../api/client.ts";
import { deployment, deploymentsOf, rollBack } from "../../../../api/queries/deployments.ts";
import { ConfirmDialog } from "../../../../parts/dialog.tsx";
import { TextField } from "../../../../parts/field.tsx";
import { Time } from "../../../../parts/figures.tsx";
import { ButtonLink } from "../../../../parts/link.tsx";
import { useEnvironment } from "../../../../parts/place.ts";
import { Problem, Skeleton } from "../../../../parts/states.tsx";
import { say } from "../../../../parts/toast.tsx";
import { difference } from "../../deploy/preview.ts";
import { useHookPage } from "../../draft/draft_context.tsx";
import { Plus } from "../../parts/plus.tsx";
import styles from "../history.module.css";

export function RollBack({ version, onClose }: { version: Version | null; onClose: () => void }) {
  return version ? <Asked key={version.number} version={version} onClose={onClose} /> : null;
}

function Asked({ version, onClose }: { version: Version; onClose: () => void }) {
  const { place, id, live } = useHookPage();
  const environment = useEnvironment();
  const cache = useQueryClient();
  const [message, setMessage] = useState("");
  const query = deploymentWith(place, id.hook, version.number);
  const was = useQuery(query);
  const back = useMutation({
    mutationFn: (found: Found) =>
      rollBack(place, found.detail.number, {
        expect: found.expect,
        hooks: [id.hook],
        message: message.trim() || `Back to version ${version.number} of ${id.hook}`,
      }),
    onSettled: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: [place.project, place.environment] }),
        cache.invalidateQueries({ queryKey: [place.project, "hooks"] }),
      ]),
  });
  return (
    <ConfirmDialog
      title={`Roll back ${id.hook} to version ${version.number}?`}
      consequence={
        <div className={styles.back}>
          <p>
            Version {version.number} takes the place of version {live?.number ?? "?"} in {place.environment} for every
            request from then on. All other hooks stay as they are, and so do secrets, migrations and the draft.
          </p>
          <WasLive query={was} number={version.number} />
          {live && (
            <Plus
              sets={difference(live.capabilities, version.manifest.capabilities)}
              empty="The permissions stay as they are."
            />
          )}
          <TextField name="message" label="Why" value={message} onChange={setMessage} placeholder="Sign-ups failed" />
        </div>
      }
      action={`Roll back to version ${version.number}`}
      environment={environment}
      isOpen
      onClose={onClose}
      onConfirm={async () => {
        // Whoever is quick waits for what the dialog is still looking for.
        const found = await cache.ensureQueryData(query);
        if (!found) throw new Error(`Version ${version.number} was in none of the last deployments`);
        const { deployment: made } = await back.mutateAsync(found);
        say(`Version ${version.number} is live in ${place.environment} again: deployment ${made.number}.`);
      }}
    />
  );
}

function WasLive({ query, number }: { query: ReturnType<typeof useQuery<Found | null>>; number: number }) {
  const { place, id } = useHookPage();
  if (query.isPending) return <Skeleton kind="text" rows={1} />;
  if (query.error) return <Problem error={query.error} what="the deployments" />;
  if (!query.data) {
    return (
      <p>
        Version {number} was in none of the last deployments of {place.environment}, so there is nothing to roll back
        to.{" "}
        <ButtonLink
          small
          to="/p/$project/$environment/hooks/$hook/deploy"
          params={{ ...place, hook: id.hook }}
          search={{ version: number }}
        >
          Deploy it
        </ButtonLink>
      </p>
    );
  }
  const { detail } = query.data;
  return (
    <p className={styles.dim}>
      As it was in deployment {detail.number}, <Time at={detail.createdAt} />, with its failure policy and limits of
      then.
    </p>
  );
}

type Found = { expect: number; detail: DeploymentDetail };

/** How many deployments are read at once, and at most, to find the last one that had the version. */
const AT_ONCE = 5;
const MOST = 50;

/** The last deployment in which this version of the hook was live; `null` if there is none. */
function deploymentWith(place: Place, hook: string, version: number) {
  const list = deploymentsOf(place);
  return {
    queryKey: [...list.queryKey, "with", hook, version],
    staleTime: 0,
    queryFn: async ({ client }: { client: import("@tanstack/react-query").QueryClient }): Promise<Found | null> => {
      const { deployments } = await client.fetchQuery({ ...list, staleTime: 0 });
      const expect = deployments[0]?.number ?? 0;
      const numbers = deployments.slice(0, MOST).map((one) => one.number);
      for (let at = 0; at < numbers.length; at += AT_ONCE) {
        const some = numbers.slice(at, at + AT_ONCE);
        const details = await Promise.all(some.map((number) => client.fetchQuery(deployment(place, number))));
        const detail = details.find((one) => one.hooks.some((line) => line.name === hook && line.number === version));
        if (detail) return { expect, detail };
      }
      return null;
    },
  };
}
