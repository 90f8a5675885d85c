// A page that only some may read: the others are told who may, and nothing is asked for that would be refused.
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
