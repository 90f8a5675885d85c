// Turning the assistant off in a project, and giving up settings of its own.
import { useState } from "react";
import {
  type AssistantChange,
  type AssistantSettings,
  deleteAssistantSettings,
  putAssistantSettings,
} from "../../../api/queries/assistant.ts";
import { Button } from "../../../parts/button.tsx";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { Section } from "../../../parts/page.tsx";
import { say } from "../../../parts/toast.tsx";
import { fromAssistant, toAssistantChange } from "./assistant_form.ts";

type Props = { project: string; whyNot: string | undefined };

/** A project with a model of its own keeps its settings and the key of that model. */
function turnedOff(of: AssistantSettings): AssistantChange {
  return of.origin === "project" ? { ...toAssistantChange(fromAssistant(of)), enabled: false } : { enabled: false };
}

export function TurnItOff({ project, of, whyNot }: Props & { of: AssistantSettings }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Section
      title="Turn it off in this project"
      lead="Nothing is sent to a model any more. Drafts, hooks and cases stay as they are."
    >
      <div>
        <Button kind="danger" onPress={() => setOpen(true)} whyNot={whyNot}>
          Turn the assistant off…
        </Button>
      </div>
      <ConfirmDialog
        title="Turn the assistant off in this project?"
        consequence="The panel in the editor and aerocall ai say that it is off. Proposals that were not applied stay for a day and can still be applied."
        action="Turn it off"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          await putAssistantSettings(project, turnedOff(of));
          say("The assistant is off in this project.");
        }}
      />
    </Section>
  );
}

export function EndOwnSettings({ project, isOn, whyNot }: Props & { isOn: boolean }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Section
      title="Settings of the server"
      lead="Without settings of its own the project has what the server has: its model, or no assistant."
    >
      <div>
        <Button onPress={() => setOpen(true)} whyNot={whyNot}>
          Go back to the settings of the server…
        </Button>
      </div>
      <ConfirmDialog
        title="Go back to the settings of the server?"
        consequence={
          isOn
            ? "The model, the key, the limits and the prices of this project are deleted."
            : "The project no longer turns the assistant off: it has what the server has."
        }
        action="Go back to the server’s"
        kind={isOn ? "danger" : "primary"}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => deleteAssistantSettings(project)}
      />
    </Section>
  );
}
