// The two ways to look at the database: table by table, or with a statement.
import { usePlace } from "../../../parts/place.ts";
import { RouteTabs } from "../../../parts/tabs.tsx";

export function DatabaseTabs() {
  const params = usePlace();
  return (
    <RouteTabs
      label="Ways to look at the database"
      tabs={[
        { title: "Tables", to: "/p/$project/$environment/database", params, isExact: true },
        { title: "SQL", to: "/p/$project/$environment/database/query", params },
      ]}
    />
  );
}
