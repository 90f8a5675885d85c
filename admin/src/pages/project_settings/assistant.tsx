// The assistant of a project: whether there is one, which model answers, what it may use, and what was used. Without one everything else
// works, and the page says how to turn it on.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type AssistantSettings, assistantSettings } from "../../api/queries/assistant.ts";
import { Button } from "../../parts/button.tsx";
import { Lead } from "../../parts/lead.tsx";
import { Page } from "../../parts/page.tsx";
import { useRights } from "../../parts/rights.ts";
import { ProjectSettingsTabs } from "../../parts/settings_tabs.tsx";
import { Answer, Skeleton } from "../../parts/states.tsx";
import { AssistantModel } from "./parts/assistant_model.tsx";
import { AssistantState } from "./parts/assistant_state.tsx";
import { AssistantTest } from "./parts/assistant_test.tsx";
import { TurnItOn } from "./parts/turn_it_on.tsx";
import { EndOwnSettings, TurnItOff } from "./parts/whose_settings.tsx";

const route = getRouteApi("/frame/p/$project/settings/assistant");

export function AssistantPage() {
  const { project } = route.useParams();
  const query = useQuery(assistantSettings(project));
  return (
    <Page title="Assistant" tabs={<ProjectSettingsTabs />}>
      <Lead>
        A language model that writes, changes and explains hooks in the editor and in <code>aerocall ai</code>. It only
        proposes: people apply it to a draft, and it can never deploy, enable a hook or read a secret.
      </Lead>
      <Answer query={query} what="the settings of the assistant" skeleton={<Skeleton kind="form" rows={5} />}>
        {(data) => <Whole project={project} of={data} />}
      </Answer>
    </Page>
  );
}

function Whole({ project, of }: { project: string; of: AssistantSettings }) {
  const whyNot = useRights().why("project:manage");
  const [isChoosing, setChoosing] = useState(false);
  const isOwn = of.origin === "project";
  const isOn = of.state === "on";
  return (
    <>
      <AssistantState of={of} />
      {!isOn && <TurnItOn isTurnedOff={isOwn} />}
      {isOwn || isChoosing || !isOn ? (
        <AssistantModel project={project} isNew={!isOwn} />
      ) : (
        <div>
          <Button onPress={() => setChoosing(true)} whyNot={whyNot}>
            Use another model for this project…
          </Button>
        </div>
      )}
      {isOn && <AssistantTest project={project} />}
      {isOn && <TurnItOff project={project} of={of} whyNot={whyNot} />}
      {isOwn && <EndOwnSettings project={project} isOn={isOn} whyNot={whyNot} />}
    </>
  );
}
