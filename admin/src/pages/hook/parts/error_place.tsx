// Why a hook failed: the error, the lines around the place, the stack, and the way to that line.
import type { HookError } from "../../../../../docs/openapi.d.ts";
import { Link } from "../../../parts/link.tsx";
import { PlainText } from "../../../parts/plain_text.tsx";
import { useHookPage } from "../draft/draft_context.tsx";
import styles from "./error_place.module.css";

type Props = {
  error: HookError;
  /** The line is one of the draft: it can be gone to. */
  isDraft?: boolean;
};

export function ErrorPlace({ error, isDraft }: Props) {
  return (
    <section className={styles.error} aria-label="The error">
      <p className={styles.message}>
        <strong>{error.name}</strong>: <PlainText>{error.message}</PlainText>
      </p>
      {error.file && error.line && <PlaceLink error={error} canEdit={isDraft ?? false} />}
      {error.frame && (
        <pre className={styles.frame}>
          <PlainText>{error.frame}</PlainText>
        </pre>
      )}
      {error.stack && (
        <details>
          <summary>Stack</summary>
          <pre className={styles.frame}>
            <PlainText>{error.stack}</PlainText>
          </pre>
        </details>
      )}
    </section>
  );
}

function PlaceLink({ error, canEdit }: { error: HookError; canEdit: boolean }) {
  const { place, id } = useHookPage();
  const shown = `${error.file}:${error.line}${error.column ? `:${error.column}` : ""}`;
  if (!canEdit) return <code>{shown}</code>;
  return (
    <p>
      <Link
        to="/p/$project/$environment/hooks/$hook/code"
        params={{ ...place, hook: id.hook }}
        search={(now) => ({ ...now, file: error.file, line: error.line })}
      >
        {shown}
      </Link>
    </p>
  );
}
