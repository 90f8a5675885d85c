// The code of a hook: its files, the editor, what is wrong, and a test beside it. Without a draft it shows what is live.
import { useHookPage } from "../draft/draft_context.tsx";
import { codeRoute } from "../parts/hook_route.ts";
import { DraftCode } from "./draft_code.tsx";
import { VersionCode } from "./version_code.tsx";

export function Code() {
  const { session } = useHookPage();
  const { version } = codeRoute.useSearch();
  return session && version === undefined ? <DraftCode session={session} /> : <VersionCode />;
}
