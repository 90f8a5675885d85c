// One mail: where it stands, and what it says.
import { useQuery } from "@tanstack/react-query";
import { type MailDetail, mail as mailQuery } from "../../../api/queries/mails.ts";
import { Id } from "../../../parts/copy.tsx";
import { Time } from "../../../parts/figures.tsx";
import { plural } from "../../../parts/format.ts";
import { Status } from "../../../parts/outcome.tsx";
import { Facts, Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Answer, Skeleton } from "../../../parts/states.tsx";
import { MailBody } from "./mail_body.tsx";
import styles from "./mail_view.module.css";
import { Resend } from "./resend.tsx";
import { templateInWords } from "./template_name.ts";

export function MailView({ id }: { id: string }) {
  const query = useQuery(mailQuery(usePlace(), id));
  return (
    <Answer query={query} what="the mail" skeleton={<Skeleton kind="text" rows={8} />}>
      {(mail) => <Shown mail={mail} />}
    </Answer>
  );
}

function Shown({ mail }: { mail: MailDetail }) {
  return (
    <div className={styles.mail}>
      <div className={styles.head}>
        <p className={styles.subject}>{mail.subject}</p>
        <Resend mail={mail} />
      </div>
      <Facts
        facts={[
          ["To", mail.to],
          ["State", <Status key="state" of={mail.state} />],
          ...(mail.error ? [["Error", mail.error] as [string, string]] : []),
          ["Attempts", plural(mail.attempts, "attempt")],
          ...(mail.nextAttemptAt ? [["Next attempt", <Time key="next" at={mail.nextAttemptAt} />] as const] : []),
          ["Made by", templateInWords(mail.template)],
          ["Created", <Time key="created" at={mail.createdAt} as="exact" />],
          ...(mail.finishedAt ? [["Finished", <Time key="done" at={mail.finishedAt} as="exact" />] as const] : []),
          ["Id", <Id key="id">{mail.id}</Id>],
        ].map(([name, value]) => [name as string, value])}
      />
      <Section title="Content">
        <MailBody mail={mail} />
      </Section>
    </div>
  );
}
