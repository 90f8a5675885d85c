// Where not all of a row of links fit, the current one is among those that are seen.
import { useLocation } from "@tanstack/react-router";
import { type RefObject, useEffect } from "react";

export function useCurrentInView(row: RefObject<HTMLElement | null>): void {
  const address = useLocation({ select: ({ href }) => href });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another address is what makes another link the current one
  useEffect(() => {
    const current = row.current?.querySelector<HTMLElement>("[aria-current]");
    if (!row.current || !current) return;
    const { left, width } = current.getBoundingClientRect();
    const middle = left - row.current.getBoundingClientRect().left + width / 2;
    row.current.scrollLeft += middle - row.current.clientWidth / 2;
  }, [address]);
}
