// What a template can name, and how.
import type { OwnMailTemplate } from "../../../api/queries/mail_templates.ts";
import { Section } from "../../../parts/page.tsx";
import styles from "./template_data.module.css";

export function TemplateData({ own }: { own: OwnMailTemplate | undefined }) {
  return (
    <Section title="What a template can name">
      {own ? (
        <dl className={styles.data}>
          {own.variables.map(({ name, about }) => (
            <div key={name}>
              <dt>
                <code>{`{{ ${name} }}`}</code>
              </dt>
              <dd>{about}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p>
          The members of the <code>data</code> that a hook sends with it, such as <code>{"{{ order.id }}"}</code>.
        </p>
      )}
      <p>
        <code>{"{% if link %}…{% else %}…{% endif %}"}</code> and <code>{"{% for item in items %}…{% endfor %}"}</code>{" "}
        work, and the filters upper, lower, trim, default, length, first, last and round. A name that the data does not
        have is an error: a mail of the server is then sent in the server's words.
      </p>
    </Section>
  );
}
