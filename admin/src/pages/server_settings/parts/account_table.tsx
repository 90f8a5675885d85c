// The accounts as a table.
import type { AdminAccount } from "../../../api/queries/accounts.ts";
import { Time } from "../../../parts/figures.tsx";
import { Menu } from "../../../parts/menu.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { Tag } from "../../../parts/tag.tsx";

type Props = {
  accounts: AdminAccount[];
  /** The account of whoever looks at the table. */
  ownId: string | undefined;
  whyNot: string | undefined;
  onChange: (account: AdminAccount) => void;
  onReset: (account: AdminAccount) => void;
  onDelete: (account: AdminAccount) => void;
};

const LAST = "The last administrator stays: make somebody else an administrator first";

export function AccountTable({ accounts, ownId, whyNot, onChange, onReset, onDelete }: Props) {
  const isLast = accounts.filter((account) => account.isAdministrator).length === 1;
  const whyNotFor = (account: AdminAccount) => whyNot ?? (account.isAdministrator && isLast ? LAST : undefined);
  const columns: Column<AdminAccount>[] = [
    {
      key: "email",
      title: "Email",
      phone: "main",
      cell: (account) => (
        <>
          {account.email} {account.id === ownId && <Tag>you</Tag>}
        </>
      ),
    },
    {
      key: "role",
      title: "On the server",
      width: "144px",
      phone: "side",
      cell: (account) => (account.isAdministrator ? <Tag tone="accent">administrator</Tag> : "no role"),
    },
    {
      key: "totp",
      title: "Second factor",
      width: "144px",
      phone: "second",
      cell: (account) => (account.hasTotp ? "authenticator app" : "none"),
    },
    {
      key: "created",
      title: "Created",
      width: "128px",
      phone: "hidden",
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      key: "acts",
      title: "Actions",
      isTitleHidden: true,
      width: "60px",
      align: "end",
      phone: "side",
      cell: (account) => (
        <Menu
          label={`Actions for ${account.email}`}
          small
          items={[
            {
              id: "administrator",
              title: account.isAdministrator ? "Remove as administrator…" : "Make administrator…",
              icon: "edit",
              whyNot: whyNotFor(account),
              onAction: () => onChange(account),
            },
            {
              id: "reset",
              title: "Reset the password…",
              icon: "key",
              whyNot,
              onAction: () => onReset(account),
            },
            {
              id: "delete",
              title: "Delete…",
              icon: "trash",
              isDanger: true,
              whyNot: whyNotFor(account),
              onAction: () => onDelete(account),
            },
          ]}
        />
      ),
    },
  ];
  return <Table label="Accounts" rows={accounts} rowKey={(account) => account.id} columns={columns} />;
}
