// One template: subject, text and HTML, saved as a whole; a mail of the server can be reset to the server's words.
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import {
  type MailTemplate,
  mailTemplates,
  type OwnMailTemplate,
  ownMailTemplates,
  putMailTemplate,
} from "../../api/queries/mail_templates.ts";
import { Button } from "../../parts/button.tsx";
import { TextArea, TextField } from "../../parts/field.tsx";
import { Form, type FormState, SaveBar, useForm } from "../../parts/form.tsx";
import { Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { useRights } from "../../parts/rights.ts";
import { Answer, Skeleton } from "../../parts/states.tsx";
import { Tag } from "../../parts/tag.tsx";
import { say } from "../../parts/toast.tsx";
import { DeleteTemplate } from "./parts/delete_template.tsx";
import { TemplateData } from "./parts/template_data.tsx";
import { fromTemplate, TEMPLATE_NAMES, type TemplateForm, toTemplate } from "./parts/template_form.ts";
import { TemplatePreview } from "./parts/template_preview.tsx";
import styles from "./template.module.css";

const route = getRouteApi("/frame/p/$project/$environment/templates/$template");

export function Template() {
  const place = usePlace();
  const { template: name } = route.useParams();
  const query = useQuery(mailTemplates(place));
  const template = query.data?.find((one) => one.name === name);
  const ofServer = useQuery(ownMailTemplates);
  const own = ofServer.data?.find((one) => one.name === name);
  const back = (
    <Link to="/p/$project/$environment/templates" params={place}>
      Mail templates
    </Link>
  );
  const tags = query.data && (template ? <Tag tone="accent">own template</Tag> : own && <Tag>words of the server</Tag>);
  return (
    <Page
      title={name}
      isCode
      back={back}
      // A line of its own until it is known, so that nothing moves then.
      lead={ofServer.isPending ? "\u00a0" : own?.about}
      tags={tags}
      actions={template && <Remove name={name} isOwn={own !== undefined} />}
    >
      <Answer query={ofServer} what="the mails of the server" skeleton={<Skeleton kind="form" rows={4} />}>
        {() => (
          <Answer query={query} what="the mail template" skeleton={<Skeleton kind="form" rows={4} />}>
            {() => <Editor key={name} name={name} template={template} own={own} />}
          </Answer>
        )}
      </Answer>
    </Page>
  );
}

function Remove({ name, isOwn }: { name: string; isOwn: boolean }) {
  const navigate = useNavigate();
  const place = usePlace();
  const whyNot = useRights().why("settings:write");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button kind="danger" whyNot={whyNot} onPress={() => setOpen(true)}>
        {isOwn ? "Reset to the words of the server…" : "Delete…"}
      </Button>
      <DeleteTemplate
        name={name}
        isOwn={isOwn}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onDeleted={() => {
          if (!isOwn) void navigate({ to: "/p/$project/$environment/templates", params: place });
        }}
      />
    </>
  );
}

type EditorProps = { name: string; template: MailTemplate | undefined; own: OwnMailTemplate | undefined };

function Editor({ name, template, own }: EditorProps) {
  const place = usePlace();
  const whyNot = useRights().why("settings:write");
  const form = useForm(fromTemplate(template, own));
  const saving = useMutation({
    mutationFn: () => putMailTemplate(place, name, toTemplate(form.value)),
    onSuccess: () => {
      form.reset();
      say(`The template ${name} is saved. The next mail is made from it.`);
    },
  });
  return (
    <div className={styles.columns}>
      <Form label="Template" error={saving.error} onSubmit={() => saving.mutate()}>
        <Fields form={form} />
        <SaveBar
          form={form}
          names={TEMPLATE_NAMES}
          action="Save the template"
          isSaving={saving.isPending}
          whyNot={whyNot}
        />
      </Form>
      <div className={styles.side}>
        <TemplatePreview name={name} form={form.value} own={own} />
        <TemplateData own={own} />
      </div>
    </div>
  );
}

function Fields({ form }: { form: FormState<TemplateForm> }) {
  const { value, set } = form;
  return (
    <>
      <TextField
        name="subject"
        label={TEMPLATE_NAMES.subject}
        value={value.subject}
        onChange={(subject) => set("subject", subject)}
        isRequired
        mono
        placeholder="Your login link – {{ app }}"
      />
      <TextArea
        name="text"
        label={TEMPLATE_NAMES.text}
        value={value.text}
        onChange={(text) => set("text", text)}
        mono
        rows={rowsOf(value.text)}
        hint="For programs that show no HTML. One of text and HTML is required; send both."
      />
      <TextArea
        name="html"
        label={TEMPLATE_NAMES.html}
        value={value.html}
        onChange={(html) => set("html", html)}
        mono
        rows={rowsOf(value.html)}
        hint="What data puts into HTML is escaped."
      />
    </>
  );
}

/** As high as what is in it, within reason. */
function rowsOf(text: string): number {
  return Math.min(24, Math.max(8, text.split("\n").length + 1));
}
