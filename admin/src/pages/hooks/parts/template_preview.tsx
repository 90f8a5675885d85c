// What a template brings: where it runs, what it may use, its cases and tables, and its source.
import type { HookTemplate } from "../../../api/queries/hook_templates.ts";
import { CodeBlock } from "../../../parts/code.tsx";
import { plural } from "../../../parts/format.ts";
import styles from "./create_hook.module.css";

export function TemplatePreview({ of }: { of: HookTemplate }) {
  const uses = of.settings.capabilities ?? [];
  return (
    <div className={styles.preview}>
      <p>
        Runs at <code>{of.points.join(", ")}</code>.
        {uses.length > 0 && (
          <>
            {" "}
            Uses <code>{uses.join(", ")}</code>.
          </>
        )}
        {of.cases.length > 0 && ` Comes with ${plural(of.cases.length, "test case")}.`}
      </p>
      {of.migrations.length > 0 && (
        <p className={styles.needs}>
          It needs tables of its own: {plural(of.migrations.length, "migration")} (
          {of.migrations.map((one) => one.name).join(", ")}), which a deployment with the CLI applies.
        </p>
      )}
      <details>
        <summary>Source</summary>
        {of.files.map((file) => (
          <CodeBlock key={file.path} code={file.text} label={file.path} />
        ))}
        {of.migrations.map((one) => (
          <CodeBlock key={one.name} code={one.sql} label={`migrations/${one.name}.sql`} />
        ))}
      </details>
    </div>
  );
}
