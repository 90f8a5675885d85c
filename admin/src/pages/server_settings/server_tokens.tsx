// Admin tokens of the whole server.
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Lead } from "../../parts/lead.tsx";
import { OnlyFor } from "../../parts/only_for.tsx";
import { Page } from "../../parts/page.tsx";
import { useRights } from "../../parts/rights.ts";
import { ServerSettingsTabs } from "../../parts/settings_tabs.tsx";
import { TokenList } from "../tokens/parts/token_list.tsx";

export function ServerTokens() {
  return (
    <OnlyFor permission="server:manage" title="Admin tokens" tabs={<ServerSettingsTabs />}>
      <Tokens />
    </OnlyFor>
  );
}

function Tokens() {
  const whyNot = useRights().why("server:manage");
  const [isCreating, setCreating] = useState(false);
  const create = (
    <Button kind="primary" icon="plus" whyNot={whyNot} onPress={() => setCreating(true)}>
      Create a token
    </Button>
  );
  return (
    <Page title="Admin tokens" actions={create} tabs={<ServerSettingsTabs />}>
      <Lead>
        A token opens the admin API of the whole server, for programs that set it up. For one project, make a token in
        its settings.
      </Lead>
      <TokenList
        holder="server"
        environments={[]}
        whyNot={whyNot}
        isCreating={isCreating}
        onClose={() => setCreating(false)}
        create={create}
      />
    </Page>
  );
}
