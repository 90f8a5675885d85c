// The live hooks that use a secret, each a link.
import type { LiveHook } from "../../../../../docs/openapi.d.ts";
import { Link } from "../../../parts/link.tsx";
import { usePlace } from "../../../parts/place.ts";
import { usedBy } from "./used_by.ts";

export function UsedBy({ hooks, secret }: { hooks: readonly LiveHook[] | undefined; secret: string }) {
  const place = usePlace();
  if (!hooks) return "…";
  const names = usedBy(hooks, secret);
  if (names.length === 0) return "no live hook";
  return names.map((hook, index) => (
    <span key={hook}>
      {index > 0 && ", "}
      <Link to="/p/$project/$environment/hooks/$hook" params={{ ...place, hook }}>
        {hook}
      </Link>
    </span>
  ));
}
