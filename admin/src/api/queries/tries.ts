// Requests of the auth API that are tried from end to end: on copies, or in the environment itself.
import type { PostTryRequest, TriedRequest, TryEffect, TryStep } from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { TriedRequest, TryEffect, TryStep };
export type TryRequest = PostTryRequest;

export function tryRequest(place: Place, body: TryRequest): Promise<TriedRequest> {
  return ok(api.POST(`${ENVIRONMENT}/try`, { params: { path: place }, body }));
}
