// The hooks of an endpoint, each with the way to test it alone.
import type { EndpointWithHooks } from "../../../api/queries/endpoints.ts";
import { Link } from "../../../parts/link.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import styles from "./unit_tests.module.css";

export function UnitTests({ of }: { of: EndpointWithHooks }) {
  const place = usePlace();
  const hooks = new Set([...of.hooks, ...of.events].flatMap((one) => one.hooks.map((hook) => hook.name)));
  if (hooks.size === 0) return null;
  return (
    <Section title="One hook alone" lead="With an input of your own, without the rest of the request.">
      <ul className={styles.list}>
        {[...hooks].map((hook) => (
          <li key={hook}>
            <Link to="/p/$project/$environment/hooks/$hook/test" params={{ ...place, hook }}>
              Test {hook}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
