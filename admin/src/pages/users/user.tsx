// One user: profile, metadata, what they did, and what an admin can do to them.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type AdminUser, user as userQuery } from "../../api/queries/users.ts";
import { Id } from "../../parts/copy.tsx";
import { Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Skeleton } from "../../parts/states.tsx";
import { RouteTabs } from "../../parts/tabs.tsx";
import { Profile } from "./parts/profile.tsx";
import { UserActions } from "./parts/user_actions.tsx";
import { UserEvents } from "./parts/user_events.tsx";
import { UserInvocations } from "./parts/user_invocations.tsx";
import { UserLogin } from "./parts/user_login.tsx";
import { UserSessions } from "./parts/user_sessions.tsx";
import { UserTags } from "./parts/user_tags.tsx";

const route = getRouteApi("/frame/p/$project/$environment/users/$user");

export function User() {
  const place = usePlace();
  const { user: id } = route.useParams();
  const { tab } = route.useSearch();
  const query = useQuery(userQuery(place, id));
  const back = (
    <Link to="/p/$project/$environment/users" params={place}>
      Users
    </Link>
  );
  return (
    <Page
      title={query.data?.email ?? "User"}
      tags={query.data && <UserTags user={query.data} />}
      back={back}
      lead={<Id>{id}</Id>}
      actions={query.data && <UserActions user={query.data} />}
      tabs={<Tabs user={id} />}
    >
      <Answer query={query} what="the user" skeleton={<Skeleton kind="text" rows={8} />}>
        {(user) => <Tab user={user} tab={tab} />}
      </Answer>
    </Page>
  );
}

function Tab({ user, tab }: { user: AdminUser; tab: string | undefined }) {
  if (tab === "sessions") return <UserSessions user={user} />;
  if (tab === "login") return <UserLogin user={user} />;
  if (tab === "invocations") return <UserInvocations user={user.id} />;
  if (tab === "events") return <UserEvents user={user.id} />;
  return <Profile user={user} />;
}

function Tabs({ user }: { user: string }) {
  const params = { ...usePlace(), user };
  const to = "/p/$project/$environment/users/$user";
  return (
    <RouteTabs
      label="Parts of the user"
      tabs={[
        { title: "Profile", to, params, search: {}, isExact: true },
        { title: "Sessions", to, params, search: { tab: "sessions" } },
        { title: "Login methods", to, params, search: { tab: "login" } },
        { title: "Invocations", to, params, search: { tab: "invocations" } },
        { title: "Events", to, params, search: { tab: "events" } },
      ]}
    />
  );
}
