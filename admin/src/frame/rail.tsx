// The list of pages at the left: of the environment that is open, or of the person and the server.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { prefer, usePreferences } from "../api/preferences.ts";
import { currentAdmin, projects } from "../api/queries/session.ts";
import { Icon } from "../parts/icon.tsx";
import { TargetLink } from "../parts/link.tsx";
import {
  type Destination,
  destinationsIn,
  environmentsOf,
  type Group,
  ownDestinations,
  settingsOfProject,
} from "./places.ts";
import styles from "./rail.module.css";

/** `isSheet`: over the page of a phone, always with its words. */
export function Rail({ isSheet = false }: { isSheet?: boolean }) {
  const { project, environment } = useParams({ strict: false });
  const { data } = useQuery(currentAdmin);
  const all = useQuery(projects).data?.projects;
  const environments = all?.find((one) => one.id === project)?.environments ?? [];
  const preferences = usePreferences();
  const isNarrow = preferences.isRailNarrow && !isSheet;
  const own = ownDestinations(data?.account?.isAdministrator ?? false);
  const groups: Group[] =
    project && environment
      ? destinationsIn({ project, environment })
      : project
        ? [
            { title: "Go to", destinations: environmentsOf(project, environments) },
            { title: "Project", destinations: settingsOfProject(project) },
          ]
        : [{ title: "Server", destinations: own }];
  return (
    <nav className={`${styles.rail} ${isNarrow ? styles.narrow : ""}`} aria-label="Pages">
      {groups.map((group) => (
        <div key={group.title} className={styles.group}>
          <p className={styles.title}>{group.title}</p>
          <ul>
            {group.destinations.map((one) => (
              <li key={one.title}>
                <RailLink destination={one} isNarrow={isNarrow} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      {!isSheet && (
        <button
          type="button"
          className={styles.fold}
          aria-pressed={isNarrow}
          onClick={() => prefer({ isRailNarrow: !isNarrow })}
          title={isNarrow ? "Show the names of the pages" : "Show only the icons"}
        >
          <Icon name="collapse" />
          <span className={isNarrow ? "hidden-visually" : undefined}>Collapse</span>
        </button>
      )}
    </nav>
  );
}

function RailLink({ destination, isNarrow }: { destination: Destination; isNarrow: boolean }) {
  const { title, icon, target, key, isExact = false } = destination;
  const hint = key ? `${title} (g ${key})` : title;
  return (
    <TargetLink
      {...target}
      className={styles.link ?? ""}
      title={isNarrow ? hint : undefined}
      activeOptions={{ exact: isExact, includeSearch: false }}
      activeProps={{ className: styles.active ?? "", "aria-current": "page" }}
    >
      <Icon name={icon} />
      <span className={isNarrow ? "hidden-visually" : styles.words}>{title}</span>
    </TargetLink>
  );
}
