// Somebody else deployed since the plan was shown: what is live now, and the plan anew.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApiError } from "../../../../api/errors.ts";
import { deploymentsOf } from "../../../../api/queries/deployments.ts";
import { Actor } from "../../../../parts/actor.tsx";
import { Button } from "../../../../parts/button.tsx";
import { Time } from "../../../../parts/figures.tsx";
import { Icon } from "../../../../parts/icon.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import bar from "../../parts/bar.module.css";

export function ConflictNote({ error }: { error: ApiError }) {
  const { place } = useHookPage();
  const cache = useQueryClient();
  const list = useQuery(deploymentsOf(place));
  const newest = list.data?.deployments[0];
  return (
    <section className={bar.bar} role="alert" aria-label="Somebody else deployed">
      <span className={bar.sign}>
        <Icon name="warning" />
      </span>
      <div className={bar.words}>
        <strong>Somebody else deployed to {place.environment} in the meantime: nothing was deployed.</strong>
        <span className={bar.dim}>
          {newest ? (
            <>
              Deployment {newest.number} by <Actor of={newest.createdBy} />, <Time at={newest.createdAt} />
              {newest.message ? `: ${newest.message}` : "."}
            </>
          ) : (
            error.message
          )}
        </span>
      </div>
      <Button
        icon="refresh"
        onPress={() => void cache.invalidateQueries({ queryKey: [place.project, place.environment] })}
      >
        Look again
      </Button>
    </section>
  );
}
