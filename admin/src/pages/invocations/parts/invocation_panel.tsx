// The panel of an invocation beside a list.
import { linkOptions } from "@tanstack/react-router";
import type { Place } from "../../../api/client.ts";
import type { Invocation } from "../../../api/queries/invocations.ts";
import type { Panel } from "../../../parts/list.tsx";
import { InvocationView } from "./invocation_view.tsx";

export function invocationPanel(place: Place): Panel<Invocation> {
  return {
    param: "call",
    title: "Invocation",
    page: (invocation) =>
      linkOptions({ to: "/p/$project/$environment/calls/$invocation", params: { ...place, invocation } }),
    show: (invocation) => <InvocationView id={invocation} />,
  };
}
