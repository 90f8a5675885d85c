// A mail that shows whether the stored settings work: the answer is what the mail server said.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { currentAdmin } from "../../../api/queries/session.ts";
import { type MailTest, sendTestMail } from "../../../api/queries/settings.ts";
import { Button } from "../../../parts/button.tsx";
import { TextField } from "../../../parts/field.tsx";
import { Form, FormActions } from "../../../parts/form.tsx";
import { duration } from "../../../parts/format.ts";
import { Status } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";

export function TestMail() {
  const place = usePlace();
  const { data: me } = useQuery(currentAdmin);
  const whyNot = useRights().why("settings:write");
  const [typed, setTyped] = useState<string | null>(null);
  const to = typed ?? me?.account?.email ?? "";
  const test = useMutation({ mutationFn: () => sendTestMail(place, to.trim()) });
  return (
    <Section
      title="Send a test mail"
      lead="With the settings as they are stored. It is tried once, and is not in the list of mails."
    >
      <Form label="Test mail" error={test.error} onSubmit={() => test.mutate()}>
        <TextField name="to" label="To" type="email" value={to} onChange={setTyped} isRequired />
        <FormActions>
          <Button type="submit" isPending={test.isPending} whyNot={whyNot}>
            Send it
          </Button>
        </FormActions>
        {test.data && <Result test={test.data} />}
      </Form>
    </Section>
  );
}

const WORDS: Record<MailTest["result"], string> = {
  sent: "The mail server took it.",
  captured: "The server keeps its mails instead of sending them, and has no mail server to try.",
  failed: "It was not sent.",
};

function Result({ test }: { test: MailTest }) {
  return (
    <div role="status">
      <p>
        <Status of={test.result} />
        {test.result !== "captured" && ` after ${duration(test.durationMs * 1000)}`}. {WORDS[test.result]}
      </p>
      {test.problem && (
        <p>
          <code>{test.problem}</code>
        </p>
      )}
    </div>
  );
}
