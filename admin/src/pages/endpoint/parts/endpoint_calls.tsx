// The last invocations at the hook points of an endpoint.
import { useQueries } from "@tanstack/react-query";
import type { EndpointWithHooks } from "../../../api/queries/endpoints.ts";
import { invocations } from "../../../api/queries/invocations.ts";
import { ButtonLink } from "../../../parts/link.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Empty, Problem, Skeleton } from "../../../parts/states.tsx";
import { ShortList } from "../../invocations/parts/short_list.tsx";

const MOST = 100;

export function EndpointCalls({ of }: { of: EndpointWithHooks }) {
  const place = usePlace();
  const points = [
    ...of.hooks.filter((one) => one.hooks.length > 0).map((one) => one.point),
    ...of.events.filter((one) => one.hooks.length > 0).map((one) => one.name),
  ];
  const queries = useQueries({ queries: points.map((point) => invocations(place, { point }, undefined, MOST)) });
  const error = queries.find((one) => one.error)?.error;
  if (error) return <Problem error={error} what="the invocations" />;
  if (queries.some((one) => one.isPending)) return <Skeleton />;
  const rows = queries
    .flatMap((one) => one.data?.invocations ?? [])
    .toSorted((a, b) => b.id.localeCompare(a.id))
    .slice(0, MOST);
  const all = (
    <ButtonLink to="/p/$project/$environment/calls" params={place}>
      All invocations
    </ButtonLink>
  );
  if (rows.length === 0) return <Empty sentence="No hook has run at this endpoint yet." action={all} />;
  return (
    <>
      <ShortList label="Invocations" of={rows} />
      <div>{all}</div>
    </>
  );
}
