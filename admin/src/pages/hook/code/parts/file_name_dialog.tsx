// Asks for the name of a file, new or renamed, and says at once what is wrong with it.
import { useState } from "react";
import type { SourceFile } from "../../../../../../docs/openapi.d.ts";
import { Dialog } from "../../../../parts/dialog.tsx";
import { DialogActions } from "../../../../parts/dialog_actions.tsx";
import { TextField } from "../../../../parts/field.tsx";
import { Form } from "../../../../parts/form.tsx";
import { pathProblem } from "../../draft/files.ts";

type Asked = { kind: "new" } | { kind: "rename"; path: string };

type Props = {
  asked: Asked | null;
  files: readonly SourceFile[];
  onClose: () => void;
  onName: (path: string) => void;
};

export function FileNameDialog({ asked, files, onClose, onName }: Props) {
  const own = asked?.kind === "rename" ? asked.path : undefined;
  const [path, setPath] = useState(own ?? "lib/");
  const [isTried, setTried] = useState(false);
  const problem = pathProblem(files, path, own);
  return (
    <Dialog title={own ? `Rename ${own}` : "New file"} size="s" isOpen={asked !== null} onClose={onClose}>
      <Form
        onSubmit={() => {
          setTried(true);
          if (problem === undefined) onName(path);
        }}
      >
        <TextField
          name="path"
          label="Path"
          value={path}
          onChange={setPath}
          mono
          autoFocus
          autoComplete="off"
          hint={
            own
              ? "Imports of this file in other files are not changed."
              : "Relative to the hook project, such as lib/mail.ts. Other files import it by its relative path."
          }
          problem={isTried || path.length > 4 ? problem : undefined}
        />
        <DialogActions action={own ? "Rename the file" : "Create the file"} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
