// Code on a phone: to read. Tests, deployments and rollbacks work there; an editor does not.
import type { ReactNode } from "react";
import type { SourceFile } from "../../../../../../docs/openapi.d.ts";
import { CodeBlock } from "../../../../parts/code.tsx";
import { SelectField } from "../../../../parts/field.tsx";
import styles from "../code.module.css";

type Props = {
  files: readonly SourceFile[];
  path: string;
  onPath: (path: string) => void;
  isNoteHidden?: boolean;
  /** What can be done with the code here. */
  children?: ReactNode;
};

export function PhoneCode({ files, path, onPath, isNoteHidden, children }: Props) {
  const file = files.find((one) => one.path === path) ?? files[0];
  return (
    <div className={styles.phone}>
      {!isNoteHidden && <p className={styles.note}>Open this page on a larger screen to edit.</p>}
      {files.length > 1 && (
        <SelectField
          name="file"
          label="File"
          value={file?.path ?? null}
          onChange={onPath}
          options={files.map((one) => ({ value: one.path, title: one.path }))}
        />
      )}
      {file && <CodeBlock code={file.text} label={file.path} firstLine={1} />}
      {children}
    </div>
  );
}
