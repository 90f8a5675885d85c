// Invitations that wait, as a table.
import type { Invitation } from "../../../api/queries/members.ts";
import { Time } from "../../../parts/figures.tsx";
import { Menu } from "../../../parts/menu.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { titleOf } from "./roles.ts";

type Props = {
  invitations: Invitation[];
  whyNot: string | undefined;
  onRevoke: (invitation: Invitation) => void;
};

export function InvitationTable({ invitations, whyNot, onRevoke }: Props) {
  const columns: Column<Invitation>[] = [
    { key: "email", title: "Email", phone: "main", cell: (one) => one.email },
    { key: "role", title: "Role", phone: "side", cell: (one) => titleOf(one.role) },
    {
      key: "created",
      title: "Created",
      width: "128px",
      phone: "hidden",
      cell: (one) => <Time at={one.createdAt} />,
    },
    { key: "ends", title: "Ends", width: "128px", phone: "second", cell: (one) => <Time at={one.expiresAt} /> },
    {
      key: "acts",
      title: "Actions",
      isTitleHidden: true,
      width: "60px",
      align: "end",
      phone: "side",
      cell: (one) => (
        <Menu
          label={`Actions for the invitation of ${one.email}`}
          icon="more"
          items={[
            { id: "revoke", title: "Revoke…", icon: "trash", isDanger: true, whyNot, onAction: () => onRevoke(one) },
          ]}
        />
      ),
    },
  ];
  return <Table label="Invitations" rows={invitations} rowKey={(one) => one.id} columns={columns} />;
}
