// The route of a hook and of its tabs, for the pages below it.
import { getRouteApi, useLocation } from "@tanstack/react-router";

const HOOK = "/frame/p/$project/$environment/hooks/$hook";

export const hookRoute = getRouteApi(HOOK);
export const codeRoute = getRouteApi(`${HOOK}/code`);
export const testRoute = getRouteApi(`${HOOK}/test`);
export const trafficRoute = getRouteApi(`${HOOK}/traffic`);
export const deployRoute = getRouteApi(`${HOOK}/deploy`);
export const historyRoute = getRouteApi(`${HOOK}/history`);
export const compareRoute = getRouteApi(`${HOOK}/history/$pair`);
export const callsRoute = getRouteApi(`${HOOK}/calls`);

/** Whether the page is this way to try a version. */
export function useIsRung(rung: string): boolean {
  return useLocation({
    select: ({ pathname, search }) => pathname.endsWith("/traffic") && (search as { rung?: string }).rung === rung,
  });
}

/** Whether the page is this tab of the hook. */
export function useIsTab(tab: string): boolean {
  return useLocation({ select: ({ pathname }) => new RegExp(`/hooks/[^/]+/${tab}(/|$)`).test(pathname) });
}
