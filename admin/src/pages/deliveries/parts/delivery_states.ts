// The states of deliveries, for filters.
import type { DeliveryState } from "../../../api/queries/deliveries.ts";

export const DELIVERY_STATES: readonly { value: DeliveryState; title: string }[] = [
  { value: "waiting", title: "Waiting" },
  { value: "running", title: "Running" },
  { value: "delivered", title: "Delivered" },
  { value: "failed", title: "Failed" },
  { value: "canceled", title: "Canceled" },
];
