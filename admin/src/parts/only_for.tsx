// A page for certain roles: it says to others which role is needed, and sends no request that would be refused.
import type { ReactNode } from "react";
import { Page } from "./page.tsx";
import { type Permission, useRights } from "./rights.ts";
import { NotPermitted } from "./states.tsx";

type Props = { permission: Permission; title: string; tabs?: ReactNode; children: ReactNode };

export function OnlyFor({ permission, title, tabs, children }: Props) {
  const missing = useRights().why(permission);
  if (!missing) return children;
  return (
    <Page title={title} tabs={tabs}>
      <NotPermitted why={missing} />
    </Page>
  );
}
