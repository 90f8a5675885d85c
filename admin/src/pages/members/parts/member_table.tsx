// The members of a project as a table.
import type { Member } from "../../../api/queries/members.ts";
import { Time } from "../../../parts/figures.tsx";
import { Menu } from "../../../parts/menu.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { titleOf } from "./roles.ts";

type Props = {
  members: Member[];
  whyNot: string | undefined;
  onChange: (member: Member) => void;
  onRemove: (member: Member) => void;
};

export function MemberTable({ members, whyNot, onChange, onRemove }: Props) {
  const owners = members.filter((member) => member.role === "owner").length;
  const whyNotLast = (member: Member) =>
    member.role === "owner" && owners === 1
      ? "The last owner of a project stays: make somebody else an owner first"
      : undefined;
  const columns: Column<Member>[] = [
    { key: "email", title: "Email", phone: "main", cell: (member) => member.email },
    { key: "role", title: "Role", phone: "side", cell: (member) => titleOf(member.role) },
    { key: "since", title: "Since", width: "128px", phone: "second", cell: (member) => <Time at={member.since} /> },
    {
      key: "acts",
      title: "Actions",
      isTitleHidden: true,
      width: "60px",
      align: "end",
      phone: "side",
      cell: (member) => (
        <Menu
          label={`Actions for ${member.email}`}
          icon="more"
          items={[
            {
              id: "role",
              title: "Change the role…",
              icon: "edit",
              whyNot: whyNot ?? whyNotLast(member),
              onAction: () => onChange(member),
            },
            {
              id: "remove",
              title: "Remove…",
              icon: "trash",
              isDanger: true,
              whyNot: whyNot ?? whyNotLast(member),
              onAction: () => onRemove(member),
            },
          ]}
        />
      ),
    },
  ];
  return <Table label="Members" rows={members} rowKey={(member) => member.id} columns={columns} />;
}
