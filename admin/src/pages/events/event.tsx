// The page of one event.
import { getRouteApi } from "@tanstack/react-router";
import { Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { EventView } from "./parts/event_view.tsx";

const route = getRouteApi("/frame/p/$project/$environment/events/$event");

export function Event() {
  const { event } = route.useParams();
  return (
    <Page
      title="Event"
      width="form"
      back={
        <Link to="/p/$project/$environment/events" params={usePlace()}>
          Events
        </Link>
      }
    >
      <EventView id={event} />
    </Page>
  );
}
