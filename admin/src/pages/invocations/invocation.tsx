// The page of one invocation, or of two beside each other.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type InvocationDetail, invocation } from "../../api/queries/invocations.ts";
import { ButtonLink, Link } from "../../parts/link.tsx";
import { Outcome } from "../../parts/outcome.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Skeleton } from "../../parts/states.tsx";
import { Comparison } from "./parts/comparison.tsx";
import { InvocationActions } from "./parts/invocation_actions.tsx";
import { InvocationParts } from "./parts/invocation_view.tsx";

const route = getRouteApi("/frame/p/$project/$environment/calls/$invocation");

export function Invocation() {
  const { invocation: id } = route.useParams();
  const query = useQuery(invocation(usePlace(), id));
  return (
    <Answer query={query} what="the invocation" skeleton={<Skeleton kind="text" rows={10} />}>
      {(data) => <Whole of={data} />}
    </Answer>
  );
}

function Whole({ of }: { of: InvocationDetail }) {
  const place = usePlace();
  const { with: other } = route.useSearch();
  const back = (
    <Link to="/p/$project/$environment/calls" params={place}>
      Invocations
    </Link>
  );
  if (other) {
    const end = (
      <ButtonLink to="/p/$project/$environment/calls/$invocation" params={{ ...place, invocation: of.id }} icon="close">
        End the comparison
      </ButtonLink>
    );
    return (
      <Page title={`Two invocations of ${of.hook}`} back={back} actions={end}>
        <Comparison left={of} right={other} />
      </Page>
    );
  }
  return (
    <Page title={`${of.hook} at ${of.point}`} tags={<Outcome of={of.outcome} />} back={back}>
      <InvocationActions of={of} />
      <InvocationParts of={of} />
    </Page>
  );
}
