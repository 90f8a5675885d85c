// The order in which hook points run: all before the commit, the commit, all after it.
import type { EndpointPoint } from "../../../api/queries/endpoints.ts";

export type Chain = { before: EndpointPoint[]; after: EndpointPoint[] };

export function chainOf(points: readonly EndpointPoint[]): Chain {
  return {
    before: points.filter((one) => one.point.startsWith("before")),
    after: points.filter((one) => one.point.startsWith("after")),
  };
}
