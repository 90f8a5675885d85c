// What is known of a user and not changed in the form.
import type { AdminUser } from "../../../api/queries/users.ts";
import { Time } from "../../../parts/figures.tsx";
import { Facts } from "../../../parts/page.tsx";
import { methodInWords } from "./methods.ts";

export function UserFacts({ user }: { user: AdminUser }) {
  return (
    <aside aria-label="Account">
      <Facts
        facts={[
          ["Signed up with", methodInWords(user.provider)],
          ["Password", user.hasPassword ? "set" : "none"],
          ["Last login", user.lastLoginAt ? <Time key="login" at={user.lastLoginAt} /> : "never"],
          ["Created", <Time key="created" at={user.createdAt} as="exact" />],
          ["Changed", <Time key="updated" at={user.updatedAt} />],
          ...(user.banned ? banFacts(user) : []),
        ]}
      />
    </aside>
  );
}

function banFacts(user: AdminUser): [string, React.ReactNode][] {
  return [
    ["Banned until", user.bannedUntil ? <Time key="until" at={user.bannedUntil} as="exact" /> : "lifted by an admin"],
    ["Reason", user.banReason ?? "none was given"],
  ];
}
