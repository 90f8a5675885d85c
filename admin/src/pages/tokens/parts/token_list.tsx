// Admin tokens of a holder, with everything that is done to them: the same for a project and for the server.
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type AdminToken, adminTokens, type Holder, type NewAdminToken } from "../../../api/queries/tokens.ts";
import { Time } from "../../../parts/figures.tsx";
import { Menu } from "../../../parts/menu.tsx";
import { ShownOnce } from "../../../parts/shown_once.tsx";
import { Answer, Empty, Skeleton } from "../../../parts/states.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { CreateToken } from "./create_token.tsx";
import { RevokeToken } from "./revoke_token.tsx";
import { RotateToken } from "./rotate_token.tsx";
import { scopesInWords } from "./scopes.ts";

type Props = {
  holder: Holder;
  environments: readonly string[];
  whyNot: string | undefined;
  isCreating: boolean;
  onClose: () => void;
  create: ReactNode;
};

type Open = { kind: "rotate" | "revoke"; token: AdminToken } | null;

export function TokenList({ holder, environments, whyNot, isCreating, onClose, create }: Props) {
  const query = useQuery(adminTokens(holder));
  const [open, setOpen] = useState<Open>(null);
  const [made, setMade] = useState<NewAdminToken | null>(null);
  const close = () => setOpen(null);
  const show = (token: NewAdminToken) => {
    close();
    onClose();
    setMade(token);
  };
  return (
    <>
      <Answer
        query={query}
        what="the tokens"
        skeleton={<Skeleton rows={3} />}
        isEmpty={(tokens) => tokens.length === 0}
        empty={<Empty sentence="There is no token. The command line and CI use one to deploy." action={create} />}
      >
        {(tokens) => (
          <Table
            label="Admin tokens"
            rows={tokens}
            rowKey={(token) => token.id}
            columns={columns(holder, whyNot, setOpen)}
          />
        )}
      </Answer>
      <CreateToken holder={holder} environments={environments} isOpen={isCreating} onClose={onClose} onMade={show} />
      {open?.kind === "rotate" && <RotateToken holder={holder} token={open.token} onClose={close} onMade={show} />}
      {open?.kind === "revoke" && <RevokeToken holder={holder} token={open.token} onClose={close} />}
      <ShownOnce
        title={`Token ${made?.name ?? ""} created`}
        what="token"
        value={made?.token ?? null}
        onClose={() => setMade(null)}
      />
    </>
  );
}

function columns(holder: Holder, whyNot: string | undefined, open: (what: Open) => void): Column<AdminToken>[] {
  const isOfServer = holder === "server";
  const where: Column<AdminToken> = {
    key: "where",
    title: "Environment",
    width: "128px",
    phone: "hidden",
    cell: (token) => token.environment ?? "all",
  };
  return [
    { key: "name", title: "Name", cell: (token) => token.name },
    { key: "scopes", title: "May do", phone: "second", cell: (token) => scopesInWords(token.scopes, isOfServer) },
    ...(isOfServer ? [] : [where]),
    {
      key: "used",
      title: "Last used",
      width: "120px",
      phone: "hidden",
      cell: (token) => (token.lastUsedAt ? <Time at={token.lastUsedAt} /> : "never"),
    },
    {
      key: "created",
      title: "Created",
      width: "120px",
      phone: "hidden",
      cell: (token) => <Time at={token.createdAt} />,
    },
    {
      key: "ends",
      title: "Ends",
      width: "120px",
      phone: "side",
      cell: (token) => (token.expiresAt ? <Time at={token.expiresAt} /> : "never"),
    },
    {
      key: "acts",
      title: "Actions",
      isTitleHidden: true,
      width: "60px",
      align: "end",
      phone: "side",
      cell: (token) => (
        <Menu
          label={`Actions for ${token.name}`}
          small
          items={[
            {
              id: "rotate",
              title: "Rotate…",
              icon: "refresh",
              whyNot,
              onAction: () => open({ kind: "rotate", token }),
            },
            {
              id: "revoke",
              title: "Revoke…",
              icon: "trash",
              isDanger: true,
              whyNot,
              onAction: () => open({ kind: "revoke", token }),
            },
          ]}
        />
      ),
    },
  ];
}
