// The way to the first hook that runs: three steps, each ticked by what the server says, with one thing to do next.
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Invocation, LiveHooks } from "../../../../../docs/openapi.d.ts";
import { hooksOf } from "../../../api/queries/hooks.ts";
import { apiKeys } from "../../../api/queries/keys.ts";
import { Button } from "../../../parts/button.tsx";
import { CodeBlock } from "../../../parts/code.tsx";
import { Icon } from "../../../parts/icon.tsx";
import { ButtonLink, DocsLink, Link } from "../../../parts/link.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { CreateHook } from "../../hooks/parts/create_hook.tsx";
import { signUpRequest } from "../first_request.ts";
import styles from "./first_hook.module.css";

type Props = { live: LiveHooks; invocation: Invocation | undefined };

export function FirstHook({ live, invocation }: Props) {
  const place = usePlace();
  const rights = useRights();
  const [isCreating, setCreating] = useState(false);
  const { data: keys } = useQuery(apiKeys(place));
  const { data: all } = useQuery(hooksOf(place.project));
  const key = keys?.find((one) => one.kind === "publishable")?.key;
  const hook = live.hooks[0]?.name ?? all?.hooks[0]?.name;
  const isLive = live.hooks.length > 0;
  const params = { ...place, hook: hook ?? "" };
  return (
    <Section
      title="Your first hook"
      lead="A hook is a function of yours that runs at a point of a flow, such as before a sign-up, and can allow it, change it or deny it."
    >
      <ol className={styles.steps}>
        <Step title="Create a hook" isDone={Boolean(hook)}>
          {hook ? (
            <p>
              <Link to="/p/$project/$environment/hooks/$hook/code" params={params}>
                {hook}
              </Link>{" "}
              is in the editor.
            </p>
          ) : (
            <>
              <p>
                It opens in the editor as a draft: nothing runs yet.{" "}
                <DocsLink path="#post-auth-register">Which hooks a sign-up runs</DocsLink>
              </p>
              <Button kind="primary" icon="plus" onPress={() => setCreating(true)} whyNot={rights.why("hooks:deploy")}>
                Create the first hook
              </Button>
            </>
          )}
        </Step>
        <Step title={`Deploy it to ${place.environment}`} isDone={isLive}>
          {hook && !isLive && (
            <>
              <p>Try it in its Test tab first if you like; then deploy it.</p>
              <ButtonLink kind="primary" to="/p/$project/$environment/hooks/$hook/deploy" params={params}>
                Deploy {hook}
              </ButtonLink>
            </>
          )}
          {isLive && <p>{live.hooks.length === 1 ? `${hook} is live.` : `${live.hooks.length} hooks are live.`}</p>}
        </Step>
        <Step title="Send a request that runs it" isDone={Boolean(invocation)}>
          {isLive && !invocation && (
            <>
              <p>This signs up a user in {place.environment}. The invocation appears here.</p>
              {key && <CodeBlock code={signUpRequest(key)} label="The request" isWrapped />}
            </>
          )}
        </Step>
      </ol>
      <CreateHook isOpen={isCreating} onClose={() => setCreating(false)} />
    </Section>
  );
}

function Step({ title, isDone, children }: { title: string; isDone: boolean; children: ReactNode }) {
  return (
    <li className={styles.step} data-done={isDone || undefined}>
      <span className={styles.mark}>{isDone && <Icon name="check" size={12} label="done" />}</span>
      <div className={styles.words}>
        <h3>{title}</h3>
        {children}
      </div>
    </li>
  );
}
