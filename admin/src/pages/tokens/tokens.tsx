// Admin tokens of a project: for the command line, CI and other programs.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { projectOf } from "../../api/queries/session.ts";
import { Button } from "../../parts/button.tsx";
import { Lead } from "../../parts/lead.tsx";
import { OnlyFor } from "../../parts/only_for.tsx";
import { Page } from "../../parts/page.tsx";
import { useRights } from "../../parts/rights.ts";
import { ProjectSettingsTabs } from "../../parts/settings_tabs.tsx";
import { TokenList } from "./parts/token_list.tsx";

const route = getRouteApi("/frame/p/$project/settings/tokens");

export function Tokens() {
  return (
    <OnlyFor permission="project:manage" title="Tokens of the project" tabs={<ProjectSettingsTabs />}>
      <OfProject />
    </OnlyFor>
  );
}

function OfProject() {
  const { project } = route.useParams();
  const whyNot = useRights().why("project:manage");
  const { data } = useQuery(projectOf(project));
  const [isCreating, setCreating] = useState(false);
  const create = (
    <Button kind="primary" icon="plus" whyNot={whyNot} onPress={() => setCreating(true)}>
      Create a token
    </Button>
  );
  return (
    <Page title="Tokens of the project" actions={create} tabs={<ProjectSettingsTabs />}>
      <Lead>
        A token opens the admin API of this project for programs, such as deployments from CI. People have accounts and
        personal tokens instead.
      </Lead>
      <TokenList
        holder={{ project }}
        environments={data?.environments ?? []}
        whyNot={whyNot}
        isCreating={isCreating}
        onClose={() => setCreating(false)}
        create={create}
      />
    </Page>
  );
}
