// One request end to end: the hooks that ran for it in their order, what they decided, and how long each took.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type Invocation, invocations } from "../../api/queries/invocations.ts";
import { Id } from "../../parts/copy.tsx";
import { Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Empty } from "../../parts/states.tsx";
import { ShortList } from "../invocations/parts/short_list.tsx";

const route = getRouteApi("/frame/p/$project/$environment/requests/$request");
const MOST = 200;

export function Request() {
  const place = usePlace();
  const { request } = route.useParams();
  const query = useQuery(invocations(place, { requestId: request }, undefined, MOST));
  return (
    <Page
      title="Request"
      lead={<Id label="Copy the request id">{request}</Id>}
      back={
        <Link to="/p/$project/$environment/calls" params={place}>
          Invocations
        </Link>
      }
    >
      <Answer
        query={query}
        what="the request"
        isEmpty={(page) => page.invocations.length === 0}
        empty={
          <Empty sentence="No invocation of this request is recorded: no hook ran for it, or its records have expired." />
        }
      >
        {(page) => <ShortList label="Hooks that ran" of={inOrder(page.invocations)} />}
      </Answer>
    </Page>
  );
}

/** As they ran: the server lists the newest first. */
function inOrder(list: readonly Invocation[]): Invocation[] {
  return list.toReversed();
}
