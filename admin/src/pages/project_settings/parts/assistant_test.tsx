// A short request that shows whether the model answers: what it took, or what its server said.
import { useMutation } from "@tanstack/react-query";
import { testAssistant } from "../../../api/queries/assistant.ts";
import { Button } from "../../../parts/button.tsx";
import { duration, plural } from "../../../parts/format.ts";
import { Status } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { useRights } from "../../../parts/rights.ts";
import { Problem } from "../../../parts/states.tsx";

export function AssistantTest({ project }: { project: string }) {
  const whyNot = useRights().why("project:manage");
  const test = useMutation({ mutationFn: () => testAssistant(project) });
  return (
    <Section
      title="Send a test request"
      lead="A few words to the model, with the settings as they are stored. It counts as used."
    >
      <div>
        <Button onPress={() => test.mutate()} isPending={test.isPending} whyNot={whyNot}>
          Send it
        </Button>
      </div>
      {test.error && <Problem error={test.error} />}
      {test.data && (
        <p role="status">
          <Status of="done" word={`${test.data.model} answered`} /> after {duration(test.data.milliseconds * 1000)}:{" "}
          {plural(test.data.inputTokens, "token")} sent, {plural(test.data.outputTokens, "token")} answered.
        </p>
      )}
    </Section>
  );
}
