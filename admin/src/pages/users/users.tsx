// The users of an environment: found by the server, page by page, so that it is as quick with 12,000 as with 12.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type AdminUser, type UserFilter, users } from "../../api/queries/users.ts";
import { Button } from "../../parts/button.tsx";
import { Time } from "../../parts/figures.tsx";
import { List } from "../../parts/list.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { useRights } from "../../parts/rights.ts";
import { Empty } from "../../parts/states.tsx";
import type { Column } from "../../parts/table.tsx";
import { CreateUser } from "./parts/create_user.tsx";
import { methodInWords } from "./parts/methods.ts";
import { UserTags } from "./parts/user_tags.tsx";

const route = getRouteApi("/frame/p/$project/$environment/users");

const FILTERS = [
  { name: "q", label: "Search", kind: "text", isMain: true, placeholder: "Email, name, phone number or id" },
  {
    name: "verified",
    label: "Email address",
    kind: "choice",
    options: [
      { value: "true", title: "verified" },
      { value: "false", title: "not verified" },
    ],
  },
  {
    name: "banned",
    label: "Ban",
    kind: "choice",
    options: [
      { value: "true", title: "banned" },
      { value: "false", title: "not banned" },
    ],
  },
  { name: "provider", label: "Signed up with", kind: "text", placeholder: "password, otp, google…" },
  { name: "after", label: "Created after", kind: "moment" },
  { name: "until", label: "Created before", kind: "moment" },
] as const;

export function Users() {
  const place = usePlace();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery({ ...users(place, filterOf(search), search.before), placeholderData: keepPreviousData });
  const [isCreating, setCreating] = useState(false);
  const whyNot = useRights().why("data:write");
  const create = (
    <Button kind="primary" icon="plus" whyNot={whyNot} onPress={() => setCreating(true)}>
      Create a user
    </Button>
  );
  return (
    <Page title="Users" actions={create}>
      <List
        what="users"
        query={query}
        rowsOf={(page) => page.users}
        columns={COLUMNS}
        filters={FILTERS}
        search={search}
        go={(change, replace) => void navigate({ search: (now) => ({ ...now, ...change }) as typeof now, replace })}
        empty={<Empty sentence="Nobody has signed up in this environment yet." action={create} />}
        open={(one) => ({ to: "/p/$project/$environment/users/$user", params: { ...place, user: one.id } })}
      />
      <CreateUser isOpen={isCreating} onClose={() => setCreating(false)} />
    </Page>
  );
}

type Search = ReturnType<typeof route.useSearch>;

function filterOf({ q, verified, banned, provider, after, until }: Search): UserFilter {
  return {
    ...(q ? { q } : {}),
    ...(verified ? { verified: verified === "true" } : {}),
    ...(banned ? { banned: banned === "true" } : {}),
    ...(provider ? { provider } : {}),
    ...(after ? { createdAfter: after } : {}),
    ...(until ? { createdBefore: until } : {}),
  };
}

const COLUMNS: Column<AdminUser>[] = [
  { key: "email", title: "Email", width: "30%", phone: "main", cell: (user) => user.email },
  { key: "name", title: "Name", phone: "second", cell: (user) => user.name ?? "" },
  { key: "tags", title: "State", width: "176px", phone: "side", cell: (user) => <UserTags user={user} /> },
  {
    key: "method",
    title: "Signed up with",
    width: "128px",
    phone: "hidden",
    cell: (user) => methodInWords(user.provider),
  },
  {
    key: "login",
    title: "Last login",
    width: "120px",
    phone: "second",
    cell: (user) => <Login at={user.lastLoginAt} />,
  },
  { key: "created", title: "Created", width: "120px", phone: "hidden", cell: (user) => <Time at={user.createdAt} /> },
];

function Login({ at }: { at: string | null }) {
  return at ? <Time at={at} /> : <>never</>;
}
