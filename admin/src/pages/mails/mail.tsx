// One mail as a page.
import { getRouteApi } from "@tanstack/react-router";
import { Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { MailView } from "./parts/mail_view.tsx";

const route = getRouteApi("/frame/p/$project/$environment/mails/$mail");

export function MailPage() {
  const place = usePlace();
  const { mail } = route.useParams();
  const back = (
    <Link to="/p/$project/$environment/mails" params={place}>
      Mails
    </Link>
  );
  return (
    <Page title="Mail" back={back}>
      <MailView id={mail} />
    </Page>
  );
}
