// Nothing ran yet: how to make something run, with the key that is really there.
import { useQuery } from "@tanstack/react-query";
import { apiKeys } from "../../../api/queries/keys.ts";
import { CodeBlock } from "../../../parts/code.tsx";
import { ButtonLink } from "../../../parts/link.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Empty } from "../../../parts/states.tsx";

export function NoInvocations() {
  const place = usePlace();
  const key = useQuery(apiKeys(place)).data?.find((one) => one.kind === "publishable")?.key ?? "pk_…";
  const command = `curl -X POST ${location.origin}/auth/register \\
  -H 'X-Aerocall-Key: ${key}' -H 'Content-Type: application/json' \\
  -d '{"email":"ada@example.com","password":"correct horse battery staple"}'`;
  return (
    <Empty
      sentence="No hook has run yet. Deploy one for sign-ups, then send one:"
      action={
        <ButtonLink kind="primary" to="/p/$project/$environment/auth" params={place}>
          Endpoints and hooks
        </ButtonLink>
      }
    >
      <CodeBlock code={command} label="A sign-up" />
    </Empty>
  );
}
