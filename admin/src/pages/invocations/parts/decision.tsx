// What the hook decided, or why it failed: the place in its source, with the lines around it.
import type { HookError } from "../../../../../docs/openapi.d.ts";
import type { InvocationDetail } from "../../../api/queries/invocations.ts";
import { CodeBlock } from "../../../parts/code.tsx";
import { JsonView } from "../../../parts/json.tsx";
import { DocsLink, Link } from "../../../parts/link.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { PlainText } from "../../../parts/plain_text.tsx";
import styles from "./decision.module.css";
import { placeOf } from "./gist.ts";

export function Decision({ of }: { of: InvocationDetail }) {
  const { reply } = of;
  switch (reply.kind) {
    case "allow":
      return null;
    case "deny":
      return (
        <Section title="Denial" lead="The decision of the hook: the client gets this instead of what it asked for.">
          <div className={`${styles.box} ${styles.deny}`}>
            <p>
              <code className={styles.code}>{reply.code}</code> <span className={styles.dim}>{reply.status}</span>
            </p>
            <p>
              <PlainText>{reply.message}</PlainText>
            </p>
          </div>
        </Section>
      );
    case "patch":
      return (
        <Section title="Patch" lead="What the hook changed, as a JSON Merge Patch.">
          <JsonView value={reply.patch} name="the patch" />
        </Section>
      );
    case "failure":
      return (
        <Section title="Failure">
          <div className={`${styles.box} ${styles.fail}`}>
            <p>
              <DocsLink path={`errors/${reply.code}`}>{reply.code}</DocsLink>
            </p>
            <p>
              <PlainText>{reply.message}</PlainText>
            </p>
          </div>
          <FailedAt of={of} error={reply.error} />
          {reply.patch && <JsonView value={reply.patch} name="the refused patch" />}
        </Section>
      );
  }
}

function FailedAt({ of, error }: { of: InvocationDetail; error: HookError }) {
  return (
    <>
      {error.file && (
        <p>
          <SourceLink of={of} error={error} />
        </p>
      )}
      {error.frame && <CodeBlock code={error.frame} label="The source around it" />}
      {error.stack && (
        <details>
          <summary>Stack</summary>
          <CodeBlock code={error.stack} label="The stack" />
        </details>
      )}
    </>
  );
}

/** The source as it was at that version, at the line. */
function SourceLink({ of, error }: { of: InvocationDetail; error: HookError }) {
  const params = { ...usePlace(), hook: of.hook };
  const search = {
    version: of.version,
    ...(error.file ? { file: error.file } : {}),
    ...(error.line ? { line: error.line } : {}),
  };
  return (
    <Link to="/p/$project/$environment/hooks/$hook/code" params={params} search={search}>
      Open{placeOf(error).replace(" at ", " ")} in version {of.version}
    </Link>
  );
}
