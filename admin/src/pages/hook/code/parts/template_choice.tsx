// A hook whose files are empty: what it can begin as.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { casesOf, putCase } from "../../../../api/queries/cases.ts";
import { type HookTemplate, hookTemplates } from "../../../../api/queries/hook_templates.ts";
import { Answer, Problem, Skeleton } from "../../../../parts/states.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import type { DraftSession } from "../../draft/draft_session.ts";
import styles from "./template_choice.module.css";

type Props = { session: DraftSession; onOwn: () => void };

export function TemplateChoice({ session, onOwn }: Props) {
  const { id } = useHookPage();
  const cache = useQueryClient();
  const query = useQuery(hookTemplates);
  const begin = useMutation({
    mutationFn: async (template: HookTemplate) => {
      const own = (path: string) => (path === `hooks/${template.name}.ts` ? `hooks/${id.hook}.ts` : path);
      session.editFiles(() => template.files.map((file) => ({ path: own(file.path), text: file.text })));
      session.editSettings(template.settings);
      await session.saveNow();
      await Promise.all(template.cases.map((one) => putCase(id, one.name, one.document)));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: casesOf(id).queryKey }),
  });
  return (
    <div className={styles.choice}>
      <h2>Begin with a template</h2>
      {begin.error && <Problem error={begin.error} />}
      <Answer query={query} what="the templates" skeleton={<Skeleton rows={4} />}>
        {(templates) => (
          <ul className={styles.list}>
            <li>
              <button type="button" className={styles.template} onClick={onOwn}>
                <span className={styles.title}>An empty file</span>
                <span className={styles.about}>Write it yourself.</span>
              </button>
            </li>
            {templates.map((template) => (
              <li key={template.name}>
                <button type="button" className={styles.template} onClick={() => begin.mutate(template)}>
                  <span className={styles.title}>{template.title}</span>
                  <span className={styles.about}>{template.description}</span>
                  <code className={styles.points}>{template.points.join(", ")}</code>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </div>
  );
}
