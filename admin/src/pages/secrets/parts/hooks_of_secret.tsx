// The live hooks that use a secret, each a link.
import { Link } from "../../../parts/link.tsx";
import { usePlace } from "../../../parts/place.ts";

export function HooksOfSecret({ hooks }: { hooks: readonly string[] }) {
  const place = usePlace();
  if (hooks.length === 0) return "no live hook";
  return hooks.map((hook, index) => (
    <span key={hook}>
      {index > 0 && ", "}
      <Link to="/p/$project/$environment/hooks/$hook" params={{ ...place, hook }}>
        {hook}
      </Link>
    </span>
  ));
}
