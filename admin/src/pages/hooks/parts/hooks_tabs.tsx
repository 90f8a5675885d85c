// The tabs that join the pages of what is configured to run: hooks, webhooks, queues and schedules.
import { usePlace } from "../../../parts/place.ts";
import { RouteTabs } from "../../../parts/tabs.tsx";

export function HooksTabs() {
  const params = usePlace();
  const tabs = [
    { title: "Lifecycle & script", to: "/p/$project/$environment/hooks", params },
    { title: "Webhooks", to: "/p/$project/$environment/webhooks", params },
    { title: "Queues", to: "/p/$project/$environment/queues", params },
    { title: "Schedules", to: "/p/$project/$environment/schedules", params },
  ] as const;
  return <RouteTabs label="Hooks" tabs={tabs} />;
}
