// The invocations of hooks that are about a user, newest first.
import { useQuery } from "@tanstack/react-query";
import { invocations } from "../../../api/queries/invocations.ts";
import { Link } from "../../../parts/link.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Answer, Empty, Skeleton } from "../../../parts/states.tsx";
import { ShortList } from "../../invocations/parts/short_list.tsx";

export function UserInvocations({ user }: { user: string }) {
  const place = usePlace();
  const query = useQuery(invocations(place, { user }));
  return (
    <Answer
      query={query}
      what="the invocations of the user"
      skeleton={<Skeleton rows={6} />}
      isEmpty={(list) => list.invocations.length === 0}
      empty={<Empty sentence="No invocation about this user is kept. Before a sign-up there is no user yet." />}
    >
      {(list) => (
        <>
          <ShortList label="Invocations of the user" of={list.invocations} />
          {list.next && (
            <p>
              <Link to="/p/$project/$environment/calls" params={place} search={{ user }}>
                All invocations of this user
              </Link>
            </p>
          )}
        </>
      )}
    </Answer>
  );
}
