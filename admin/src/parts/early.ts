// What a page is going to ask for, asked for before its code has been loaded and drawn.
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { ApiError } from "../api/errors.ts";

/** Nothing waits for it, and what fails is asked for again by the page, which says so. What is in the cache is not read again. */
export function early<Data, Shown, Key extends QueryKey>(
  cache: QueryClient,
  query: Parameters<typeof cache.ensureQueryData<Data, ApiError, Shown, Key>>[0],
): void {
  void cache.ensureQueryData(query).catch(() => undefined);
}
