// Secrets that live hooks use and nobody has set: where they are used, hooks fail.
import type { LiveHook } from "../../../../../docs/openapi.d.ts";
import { Button } from "../../../parts/button.tsx";
import { Section } from "../../../parts/page.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { HooksOfSecret } from "./hooks_of_secret.tsx";
import { type Missing, missing } from "./missing.ts";

type Props = {
  hooks: readonly LiveHook[];
  set: readonly string[];
  whyNot: string | undefined;
  onCreate: (name: string) => void;
};

export function MissingSecrets({ hooks, set, whyNot, onCreate }: Props) {
  const names = missing(hooks, set);
  if (names.length === 0) return null;
  const columns: Column<Missing>[] = [
    { key: "name", title: "Name", phone: "main", cell: ({ name }) => <code>{name}</code> },
    { key: "used", title: "Used by", phone: "second", cell: ({ hooks: users }) => <HooksOfSecret hooks={users} /> },
    {
      key: "set",
      title: "Actions",
      isTitleHidden: true,
      width: "96px",
      align: "end",
      phone: "side",
      cell: ({ name }) => (
        <Button small whyNot={whyNot} onPress={() => onCreate(name)}>
          Set it
        </Button>
      ),
    },
  ];
  return (
    <Section title="Missing" lead="Live hooks declare these, and they are not set. Where a hook uses one, it fails.">
      <Table label="Missing secrets" rows={names} rowKey={({ name }) => name} columns={columns} />
    </Section>
  );
}
