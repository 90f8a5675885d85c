// What a version is built with: permissions, limits, schedules, the file that it is. They are part of the draft, saved with it, and
// hold once a version of it is deployed.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BuildSettings as Built } from "../../../../../../docs/openapi.d.ts";
import { versionFiles } from "../../../../api/queries/versions.ts";
import { NumberField, SelectField } from "../../../../parts/field.tsx";
import { number as formatted } from "../../../../parts/format.ts";
import { LinesField } from "../../../../parts/lines_field.tsx";
import { ButtonLink } from "../../../../parts/link.tsx";
import { Section } from "../../../../parts/page.tsx";
import { useRights } from "../../../../parts/rights.ts";
import { Answer, Skeleton } from "../../../../parts/states.tsx";
import { LIMITS, type Limit } from "../../../settings/parts/limit_list.ts";
import { useDraft, useHookPage } from "../../draft/draft_context.tsx";
import type { DraftSession } from "../../draft/draft_session.ts";
import styles from "../settings.module.css";
import { Schedules } from "./schedules.tsx";

export function BuildSettings() {
  const { session } = useHookPage();
  return session ? <OfDraft session={session} /> : <OfVersion />;
}

function OfDraft({ session }: { session: DraftSession }) {
  const settings = useDraft(session, ({ state }) => state.content.settings);
  const missing = useRights().why("hooks:deploy");
  const set = (change: Partial<Built>) => session.editSettings({ ...settings, ...change });
  return (
    <Section
      title="With the next version"
      lead="Part of the draft: every change is saved by itself and holds once a version of it is deployed."
    >
      <Fields settings={settings} set={set} isDisabled={missing !== undefined} session={session} />
    </Section>
  );
}

function OfVersion() {
  const { id, live, summary, place } = useHookPage();
  const number = live?.number ?? summary.newest ?? 0;
  const files = useQuery({ ...versionFiles(id, number), enabled: number > 0 });
  return (
    <Section
      title={`Of version ${number}`}
      lead="A version does not change. Begin a draft of it to change its settings."
      actions={
        <ButtonLink to="/p/$project/$environment/hooks/$hook/code" params={{ ...place, hook: id.hook }}>
          Code
        </ButtonLink>
      }
    >
      <Answer query={files} what={`the settings of version ${number}`} skeleton={<Skeleton kind="form" rows={3} />}>
        {(version) => <Fields settings={version.settings} set={() => {}} isDisabled session={null} />}
      </Answer>
    </Section>
  );
}

type FieldsProps = {
  settings: Built;
  set: (change: Partial<Built>) => void;
  isDisabled: boolean;
  session: DraftSession | null;
};

function Fields({ settings, set, isDisabled, session }: FieldsProps) {
  return (
    <div className={styles.group}>
      <Permissions settings={settings} set={set} isDisabled={isDisabled} />
      <Limits settings={settings} set={set} isDisabled={isDisabled} />
      <div className={styles.row}>
        <div className={styles.words}>
          <h3>Schedules</h3>
          <p className={styles.dim}>
            Cron patterns in UTC, with a handler <code>cron.&lt;name&gt;</code> each: minute, hour, day, month and day
            of the week, such as <code>0 6 * * 1-5</code>.
          </p>
        </div>
        <Schedules
          schedules={settings.schedules}
          onChange={(schedules) => set({ schedules })}
          isDisabled={isDisabled}
        />
      </div>
      {session && <Entry settings={settings} set={set} isDisabled={isDisabled} session={session} />}
    </div>
  );
}

type PartProps = Omit<FieldsProps, "session">;

function Permissions({ settings, set, isDisabled }: PartProps) {
  const isListed = settings.capabilities !== null;
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <h3>Permissions</h3>
        <p className={styles.dim}>
          The most that the hook may touch: <code>auth</code>, <code>cache</code>, <code>db</code>, <code>queue</code>,{" "}
          <code>http:api.example.com</code>, <code>secrets:name</code>.
        </p>
      </div>
      <div className={styles.fields}>
        <SelectField
          name="permissions"
          label="Permitted is"
          value={isListed ? "listed" : "found"}
          onChange={(value) => set({ capabilities: value === "listed" ? (settings.capabilities ?? []) : null })}
          options={[
            { value: "found", title: "What the code uses", hint: "The compiler finds it." },
            { value: "listed", title: "At most these", hint: "Code that uses more does not compile." },
          ]}
          isDisabled={isDisabled}
        />
        {isListed && (
          <LinesField
            name="capabilities"
            label="Permissions, one a line"
            value={settings.capabilities ?? []}
            onChange={(capabilities) => set({ capabilities })}
            placeholder={"cache\nhttp:api.example.com"}
            isDisabled={isDisabled}
          />
        )}
      </div>
    </div>
  );
}

function Limits({ settings, set, isDisabled }: PartProps) {
  const asked = Object.keys(settings.limits).length;
  const [isOpen, setOpen] = useState(asked > 0);
  const { live } = useHookPage();
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <h3>Limits</h3>
        <p className={styles.dim}>
          What one invocation asks for. The lowest of hook, deployment, environment and server holds
          {live ? "; what holds now stands below each field" : ""}.
        </p>
      </div>
      <details className={styles.limits} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{asked === 0 ? "The defaults hold" : `${asked} of its own`}</summary>
        <div className={styles.fields}>
          {LIMITS.flatMap((group) => group.limits).map((limit) => (
            <LimitField key={limit.name} limit={limit} settings={settings} set={set} isDisabled={isDisabled} />
          ))}
        </div>
      </details>
    </div>
  );
}

function LimitField({ limit, settings, set, isDisabled }: PartProps & { limit: Limit }) {
  const { live } = useHookPage();
  const holds = live?.limits[limit.name];
  return (
    <NumberField
      name={limit.name}
      label={limit.title}
      unit={limit.unit}
      placeholder="default"
      min={0}
      value={settings.limits[limit.name] ?? null}
      onChange={(value) => set({ limits: withLimit(settings.limits, limit.name, value) })}
      isDisabled={isDisabled}
      hint={holds === undefined ? limit.hint : `${formatted(holds)} holds now. ${limit.hint ?? ""}`}
    />
  );
}

function withLimit(limits: Built["limits"], name: string, value: number | null): Built["limits"] {
  const { [name]: _, ...rest } = limits;
  return value === null ? rest : { ...rest, [name]: value };
}

function Entry({ settings, set, isDisabled, session }: PartProps & { session: DraftSession }) {
  const { id } = useHookPage();
  const files = useDraft(session, ({ state }) => state.content.files);
  const own = "";
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <h3>File</h3>
        <p className={styles.dim}>The file whose exports are the hook. The others are imported by it.</p>
      </div>
      <SelectField
        name="entry"
        label="File that is the hook"
        isLabelHidden
        value={settings.entry ?? own}
        onChange={(entry) => set({ entry: entry === own ? null : entry })}
        options={[
          { value: own, title: `hooks/${id.hook}.ts, or another with this name` },
          ...files.map((file) => ({ value: file.path, title: file.path })),
        ]}
        isDisabled={isDisabled}
      />
    </div>
  );
}
