// What keeps a user from logging in: a ban, an address that was not verified.
import type { AdminUser } from "../../../api/queries/users.ts";
import { Status } from "../../../parts/outcome.tsx";
import { Tag } from "../../../parts/tag.tsx";
import styles from "./user_tags.module.css";

export function UserTags({ user }: { user: AdminUser }) {
  return (
    <span className={styles.tags}>
      <Status
        of={user.emailVerified ? "verified" : "pending"}
        word={user.emailVerified ? "verified" : "not verified"}
      />
      {user.banned && <Tag tone="deny">banned</Tag>}
    </span>
  );
}
