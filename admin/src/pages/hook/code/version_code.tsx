// A hook without a draft: what a version of it consists of, to read, and the way to a draft of it. A version that carries no sources
// cannot be edited, and the page says so.
import { useMutation, useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import type { VersionFiles } from "../../../../../docs/openapi.d.ts";
import { beginDraft } from "../../../api/queries/drafts.ts";
import { versionFiles } from "../../../api/queries/versions.ts";
import { Button } from "../../../parts/button.tsx";
import { SelectField } from "../../../parts/field.tsx";
import { ButtonLink } from "../../../parts/link.tsx";
import { useRights } from "../../../parts/rights.ts";
import { Answer, Empty, Problem, Skeleton } from "../../../parts/states.tsx";
import { useHookPage } from "../draft/draft_context.tsx";
import { entryOf } from "../draft/files.ts";
import { codeRoute } from "../parts/hook_route.ts";
import { useIsPhone } from "../parts/use_is_phone.ts";
import styles from "./code.module.css";
import { PhoneCode } from "./parts/phone_code.tsx";

const ReadOnlyEditor = lazy(() => import("./read_only_editor.tsx").then((file) => ({ default: file.ReadOnlyEditor })));

export function VersionCode() {
  const { id, live, summary } = useHookPage();
  const { version: chosen } = codeRoute.useSearch();
  const navigate = codeRoute.useNavigate();
  const number = chosen ?? live?.number ?? summary.newest ?? 0;
  const setChosen = (version: number) => void navigate({ search: { version }, replace: true });
  const files = useQuery({ ...versionFiles(id, number), enabled: number > 0 });
  return (
    <div className={styles.version}>
      <Answer query={files} what={`the files of version ${number}`} skeleton={<Skeleton kind="text" rows={12} />}>
        {(version) => (
          <>
            <Head number={number} version={version} onNumber={setChosen} />
            {version.sources === "bundled" ? (
              <Files key={number} version={version} entry={version.settings.entry} />
            ) : (
              <NoSources number={number} />
            )}
          </>
        )}
      </Answer>
    </div>
  );
}

type HeadProps = { number: number; version: VersionFiles; onNumber: (number: number) => void };

function Head({ number, version, onNumber }: HeadProps) {
  const { id, begin, summary, live, session } = useHookPage();
  const navigate = codeRoute.useNavigate();
  const readOnly = useRights().why("hooks:deploy");
  const isPhone = useIsPhone();
  const edit = useMutation({ mutationFn: () => beginDraft(id, number), onSuccess: begin });
  const hasSources = version.sources === "bundled";
  const why = hasSources ? version.packagesOmitted : "This version carries no sources";
  const numbers = Array.from({ length: summary.newest ?? 0 }, (_, at) => (summary.newest ?? 0) - at);
  return (
    <>
      <div className={styles.versionHead}>
        <SelectField
          name="version"
          label="Version"
          isLabelHidden
          value={String(number)}
          onChange={(value) => onNumber(Number(value))}
          options={numbers.map((one) => ({
            value: String(one),
            title: `Version ${one}${one === live?.number ? ", live" : ""}`,
          }))}
        />
        <p className={styles.note}>
          {session
            ? "Read-only. The draft is another one."
            : isPhone
              ? "Open this page on a larger screen to edit."
              : "There is no draft. To change the code, begin one."}
        </p>
        {session && <Button onPress={() => void navigate({ search: {} })}>Back to the draft</Button>}
        {!isPhone && !session && (
          <Button
            kind="primary"
            icon="edit"
            onPress={() => edit.mutate()}
            isPending={edit.isPending}
            whyNot={readOnly ?? why ?? undefined}
          >
            Edit version {number}
          </Button>
        )}
      </div>
      {edit.error && <Problem error={edit.error} />}
    </>
  );
}

function Files({ version, entry }: { version: VersionFiles; entry: string | null }) {
  const { id } = useHookPage();
  const { file, line } = codeRoute.useSearch();
  const navigate = codeRoute.useNavigate();
  const isPhone = useIsPhone();
  const path = version.files.some((one) => one.path === file)
    ? (file ?? "")
    : (entryOf(id.hook, version.files, entry) ?? "");
  const open = (next: string) =>
    void navigate({ search: (now) => ({ ...now, file: next, line: undefined }), replace: true });
  if (isPhone) return <PhoneCode files={version.files} path={path} onPath={open} isNoteHidden />;
  return (
    <div className={styles.code}>
      <nav className={styles.versionFiles} aria-label="Files">
        <ul>
          {version.files.map((one) => (
            <li key={one.path}>
              <button
                type="button"
                className={styles.versionFile}
                aria-current={one.path === path || undefined}
                onClick={() => open(one.path)}
              >
                {one.path}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <section className={styles.main} aria-label="Code">
        <div className={styles.editor}>
          <Suspense fallback={<Skeleton kind="text" rows={12} />}>
            <ReadOnlyEditor hook={id.hook} version={version} path={path} line={line} onOpen={open} />
          </Suspense>
        </div>
      </section>
    </div>
  );
}

function NoSources({ number }: { number: number }) {
  const { place, id } = useHookPage();
  const params = { ...place, hook: id.hook };
  return (
    <Empty
      sentence={`Version ${number} was built elsewhere and carries no sources, so it cannot be shown or edited here. It can be deployed, compared by its manifest, and rolled back to.`}
      action={
        <ButtonLink to="/p/$project/$environment/hooks/$hook/history" params={params}>
          Version history
        </ButtonLink>
      }
    />
  );
}
