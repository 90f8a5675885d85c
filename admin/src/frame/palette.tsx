// Search and commands: pages of the environment, projects and environments, hooks, and whatever has an id.
import { useQuery } from "@tanstack/react-query";
import { useParams, useRouter } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Modal,
  ModalOverlay,
  SearchField,
  Text,
  useFilter,
} from "react-aria-components";
import { prefer } from "../api/preferences.ts";
import { hooksOf } from "../api/queries/hooks.ts";
import { currentAdmin, projects } from "../api/queries/session.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import type { Target } from "../parts/link.tsx";
import { idTargets } from "./ids.ts";
import styles from "./palette.module.css";
import { destinationsIn, ownDestinations, settingsIn } from "./places.ts";

type Command = { id: string; title: string; hint?: string; icon: IconName; run: () => void };
type Section = { title: string; commands: Command[] };

export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const sections = useCommands(text.trim(), onClose);
  const { contains } = useFilter({ sensitivity: "base" });
  return (
    <ModalOverlay className={styles.veil ?? ""} isOpen onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className={styles.modal ?? ""}>
        <Dialog className={styles.dialog ?? ""} aria-label="Search and commands">
          <Autocomplete
            inputValue={text}
            onInputChange={setText}
            filter={(words, wanted) => wanted.split(/\s+/).every((one) => contains(words, one))}
          >
            <SearchField className={styles.search ?? ""} aria-label="Search for a page, a hook, or an id" autoFocus>
              <Icon name="search" />
              <Input placeholder="A page, a hook, or an id (usr_…, inv_…, req_…)" />
            </SearchField>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
            <div className={styles.list} tabIndex={0}>
              <ListBox
                className={styles.results ?? ""}
                aria-label="Results"
                items={sections.map((section) => ({ ...section, id: section.title }))}
                renderEmptyState={() => <p className={styles.none}>Nothing has this name.</p>}
                selectionMode="none"
                onAction={(key) =>
                  sections
                    .flatMap((section) => section.commands)
                    .find((one) => one.id === key)
                    ?.run()
                }
              >
                {(section) => (
                  <ListBoxSection id={section.title}>
                    <Header className={styles.title ?? ""}>{section.title}</Header>
                    {section.commands.map((command) => (
                      <ListBoxItem
                        key={command.id}
                        id={command.id}
                        textValue={`${command.title} ${command.hint ?? ""}`}
                        className={styles.item ?? ""}
                      >
                        <Icon name={command.icon} />
                        <Text slot="label">{command.title}</Text>
                        {command.hint && <span className={styles.hint}>{command.hint}</span>}
                      </ListBoxItem>
                    ))}
                  </ListBoxSection>
                )}
              </ListBox>
            </div>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function useCommands(text: string, onClose: () => void): Section[] {
  const { project, environment } = useParams({ strict: false });
  const router = useRouter();
  const { data: admin } = useQuery(currentAdmin);
  const { data: all } = useQuery(projects);
  const { data: hooks } = useQuery({ ...hooksOf(project ?? ""), enabled: Boolean(project) });
  return useMemo(() => {
    const go = (target: Target) => () => {
      onClose();
      void router.navigate(target as never);
    };
    const place = project && environment ? { project, environment } : null;
    const pages = place ? [...destinationsIn(place).flatMap((group) => group.destinations), ...settingsIn(place)] : [];
    const page = (one: { title: string; icon: IconName; target: Target; key?: string }, where: string): Command => ({
      id: `${where} ${one.title}`,
      title: one.title,
      icon: one.icon,
      ...(one.key ? { hint: `g ${one.key}` } : {}),
      run: go(one.target),
    });
    const ofHooks = place
      ? (hooks?.hooks ?? []).map((hook) =>
          hookCommand(
            hook.name,
            go({ to: "/p/$project/$environment/hooks/$hook/code", params: { ...place, hook: hook.name } }),
          ),
        )
      : [];
    const environments = (all?.projects ?? []).flatMap((one) =>
      one.environments.map(
        (name): Command => ({
          id: `place ${one.id} ${name}`,
          title: `${one.name} ▸ ${name}`,
          icon: "right",
          run: go({ to: "/p/$project/$environment", params: { project: one.id, environment: name } }),
        }),
      ),
    );
    const found = place
      ? idTargets(text, place).map(
          (one): Command => ({
            id: `id ${one.title}`,
            title: one.title,
            hint: text,
            icon: "search",
            run: go(one.target),
          }),
        )
      : [];
    const sections = [
      { title: "By id", commands: found },
      { title: "Pages", commands: pages.map((one) => page(one, "page")) },
      { title: "Hooks", commands: ofHooks },
      { title: "Environments", commands: environments },
      {
        title: "Server and account",
        commands: ownDestinations(admin?.account?.isAdministrator ?? false).map((one) => page(one, "own")),
      },
      { title: "Theme", commands: themeCommands(onClose) },
    ];
    return sections.filter((section) => section.commands.length > 0);
  }, [project, environment, router, admin, all, hooks, text, onClose]);
}

function hookCommand(name: string, run: () => void): Command {
  return { id: `hook ${name}`, title: name, hint: "hook", icon: "code", run };
}

function themeCommands(onClose: () => void): Command[] {
  const choose = (theme: "system" | "light" | "dark", title: string, icon: IconName): Command => ({
    id: `theme ${theme}`,
    title,
    icon,
    run: () => {
      prefer({ theme });
      onClose();
    },
  });
  return [
    choose("light", "Light theme", "sun"),
    choose("dark", "Dark theme", "moon"),
    choose("system", "Theme of the system", "screen"),
  ];
}
