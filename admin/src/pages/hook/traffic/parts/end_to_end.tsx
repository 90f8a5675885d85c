// One request of the auth API from end to end, with the chosen version in place of the live one.
import { useQuery } from "@tanstack/react-query";
import { endpointsOf } from "../../../../api/queries/endpoints.ts";
import type { Target } from "../../../../api/queries/hook_tests.ts";
import { SelectField } from "../../../../parts/field.tsx";
import { Answer, Empty } from "../../../../parts/states.tsx";
import { operationOf } from "../../../auth/parts/grouping.ts";
import { TryRequestOf } from "../../../endpoint/parts/try_tab.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import { trafficRoute } from "../../parts/hook_route.ts";
import styles from "../traffic.module.css";

type Props = { target: Target; points: readonly string[]; operation: string };

export function EndToEnd({ target, points, operation }: Props) {
  const { place, id } = useHookPage();
  const navigate = trafficRoute.useNavigate();
  const query = useQuery(endpointsOf(place));
  return (
    <Answer query={query} what="the endpoints">
      {(all) => {
        const reached = all.filter((one) => one.hooks.some(({ point }) => points.includes(point)));
        const chosen = reached.find((one) => operationOf(one) === operation) ?? reached[0];
        if (!chosen)
          return (
            <Empty
              sentence={`${id.hook} runs at none of the hook points of a request: only after it, on events, jobs or schedules.`}
            />
          );
        return (
          <>
            <div className={styles.target}>
              <SelectField
                name="endpoint"
                label="Request"
                value={operationOf(chosen)}
                onChange={(endpoint) =>
                  void navigate({ search: (now) => ({ ...now, endpoint }), replace: true, resetScroll: false })
                }
                options={reached.map((one) => ({
                  value: operationOf(one),
                  title: `${one.method} ${one.path}`,
                  hint: one.summary,
                }))}
              />
            </div>
            <TryRequestOf
              key={`${operationOf(chosen)} ${target}`}
              of={chosen}
              use={target === "live" ? {} : { [id.hook]: target }}
            />
          </>
        );
      }}
    </Answer>
  );
}
