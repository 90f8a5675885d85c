// Who caused something: a user, a hook, an admin, a key, the schedule, or somebody who was not signed in.
import { Link } from "../../../parts/link.tsx";
import { usePlace } from "../../../parts/place.ts";

export function Actor({ of }: { of: string }) {
  const place = usePlace();
  const [kind = "", id = ""] = split(of);
  if (kind === "user" && id) {
    return (
      <Link to="/p/$project/$environment/users/$user" params={{ ...place, user: id }}>
        the user {id}
      </Link>
    );
  }
  if (kind === "hook" && id) {
    return (
      <Link to="/p/$project/$environment/hooks/$hook/code" params={{ ...place, hook: id }}>
        the hook {id}
      </Link>
    );
  }
  return <>{of === "anonymous" ? "somebody who was not signed in" : of}</>;
}

function split(actor: string): [string?, string?] {
  const at = actor.indexOf(":");
  return at < 0 ? [actor] : [actor.slice(0, at), actor.slice(at + 1)];
}
