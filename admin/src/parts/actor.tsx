// Who did something, the same on every page: you, the address of an account, a link to a user or a hook, or what kind of token or
// key it was. The whole name is there for whoever points at it.
import { useQuery } from "@tanstack/react-query";
import { members } from "../api/queries/members.ts";
import { currentAdmin } from "../api/queries/session.ts";
import { kindInWords, readActor, shortId } from "./actors.ts";
import { Link } from "./link.tsx";
import { usePlace } from "./place.ts";

type Props = {
  of: string | null;
  /** The address of the account, where the server says it. */
  email?: string | null;
  /** Whom it was done to, where that is shown beside it: the same person needs no name again. */
  about?: string | null;
};

export function Actor({ of, email, about }: Props) {
  const { data } = useQuery(currentAdmin);
  const place = usePlace();
  if (of === null) return <>unknown</>;
  const { kind, id } = readActor(of);
  if (id && data?.account?.id === id) return <span title={of}>you</span>;
  if (id && kind === "user" && id === about) return <span title={of}>the user</span>;
  if (email) return <span title={of}>{email}</span>;
  if (id && place.environment && kind === "user") {
    return (
      <Link to="/p/$project/$environment/users/$user" params={{ ...place, user: id }} title={of}>
        the user {shortId(id)}
      </Link>
    );
  }
  if (id && place.environment && kind === "hook") {
    return (
      <Link to="/p/$project/$environment/hooks/$hook/code" params={{ ...place, hook: id }}>
        the hook {id}
      </Link>
    );
  }
  if (id && kind === "account" && place.project) return <OtherAccount project={place.project} id={id} of={of} />;
  return (
    <span title={of}>
      {kindInWords(kind)}
      {id && ` ${shortId(id)}`}
    </span>
  );
}

/** Somebody else: a member of the project is known by the address. */
function OtherAccount({ project, id, of }: { project: string; id: string; of: string }) {
  const { data } = useQuery(members(project));
  const email = data?.find((one) => one.id === id)?.email;
  return <span title={of}>{email ?? `an account ${shortId(id)}`}</span>;
}
