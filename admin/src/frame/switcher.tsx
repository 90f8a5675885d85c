// Project ▸ environment, each with the list of the others. Changing one keeps the page, where the other has the same page.
import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { Menu as AriaMenu, Button, MenuItem, MenuTrigger, Popover, Separator, Text } from "react-aria-components";
import { projects } from "../api/queries/session.ts";
import { Icon } from "../parts/icon.tsx";
import { isProduction } from "../parts/place.ts";
import styles from "./switcher.module.css";

type Props = { project: string; environment: string | undefined };

export function Switcher({ project, environment }: Props) {
  const { data } = useQuery(projects);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const all = data?.projects ?? [];
  const current = all.find((one) => one.id === project);
  const openProject = (id: string) => {
    const [first] = all.find((one) => one.id === id)?.environments ?? [];
    if (first) void navigate({ to: "/p/$project/$environment", params: { project: id, environment: first } });
    else void navigate({ to: "/p/$project/settings/environments", params: { project: id } });
  };
  const openEnvironment = (name: string) => {
    void navigate({ to: samePage(pathname, project, environment, name) });
  };
  return (
    <div className={styles.switcher}>
      <Choice
        label="Project"
        shown={current?.name ?? project}
        options={all.map((one) => ({ id: one.id, title: one.name, hint: one.name === one.id ? undefined : one.id }))}
        current={project}
        onChoose={openProject}
        last={{ title: "All projects", onAction: () => void navigate({ to: "/" }) }}
      />
      <span className={styles.between} aria-hidden="true">
        <Icon name="right" size={12} />
      </span>
      <Choice
        label="Environment"
        shown={environment ?? "No environment"}
        options={(current?.environments ?? []).map((name) => ({
          id: name,
          title: name,
          hint: isProduction(name) ? "production" : undefined,
        }))}
        current={environment}
        onChoose={openEnvironment}
        isLoud={environment !== undefined && isProduction(environment)}
        last={{
          title: "Manage environments",
          onAction: () => void navigate({ to: "/p/$project/settings/environments", params: { project } }),
        }}
      />
    </div>
  );
}

/** Pages of one thing (a user, an invocation) are not in another environment: their list is. */
function samePage(pathname: string, project: string, from: string | undefined, to: string): string {
  const base = `/p/${project}/${to}`;
  const own = from === undefined ? null : `/p/${project}/${from}/`;
  if (!own || !pathname.startsWith(own)) return base;
  const [page = "", ...rest] = pathname.slice(own.length).split("/");
  const isOfProject = page === "hooks" || page === "settings" || page === "templates" || page === "auth";
  return isOfProject ? `${base}/${[page, ...rest].join("/")}` : `${base}/${page}`;
}

type Choosable = { id: string; title: string; hint?: string | undefined };
type ChoiceProps = {
  label: string;
  shown: string;
  options: Choosable[];
  current: string | undefined;
  onChoose: (id: string) => void;
  isLoud?: boolean;
  last: { title: string; onAction: () => void };
};

function Choice({ label, shown, options, current, onChoose, isLoud, last }: ChoiceProps) {
  return (
    <MenuTrigger>
      <Button className={`${styles.chosen} ${isLoud ? styles.loud : ""}`} aria-label={`${label}: ${shown}`}>
        <span>{shown}</span>
        <Icon name="down" size={12} />
      </Button>
      <Popover className={styles.popover ?? ""} placement="bottom start" offset={4}>
        <AriaMenu
          className={styles.menu ?? ""}
          aria-label={label}
          onAction={(key) => (key === LAST ? last.onAction() : onChoose(String(key)))}
        >
          {options.map((option) => (
            <MenuItem key={option.id} id={option.id} textValue={option.title} className={styles.item ?? ""}>
              <span className={styles.tick}>
                {option.id === current && <Icon name="check" size={12} label="open now" />}
              </span>
              <Text slot="label">{option.title}</Text>
              {option.hint && (
                <Text slot="description" className={styles.hint ?? ""}>
                  {option.hint}
                </Text>
              )}
            </MenuItem>
          ))}
          <Separator className={styles.line ?? ""} />
          <MenuItem id={LAST} className={styles.item ?? ""}>
            <span className={styles.tick} />
            <Text slot="label">{last.title}</Text>
          </MenuItem>
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

/** No project and no environment has a name with this sign. */
const LAST = "@last";
