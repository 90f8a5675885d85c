// The page of one job.
import { getRouteApi } from "@tanstack/react-router";
import { Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { JobView } from "./parts/job_view.tsx";
import { readName } from "./parts/names.ts";

const route = getRouteApi("/frame/p/$project/$environment/queues/$queue/jobs/$job");

export function Job() {
  const { job, ...params } = route.useParams();
  return (
    <Page
      title="Job"
      width="form"
      back={
        <Link to="/p/$project/$environment/queues/$queue" params={params}>
          {readName(params.queue).title}
        </Link>
      }
    >
      <JobView id={job} />
    </Page>
  );
}
