// A statement on the project's own database that only reads, and its result. Statements are kept in memory, while the page is
// open, and nowhere else in the browser: they can hold personal data.
import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type DatabaseQueryResult, runQuery } from "../../api/queries/database.ts";
import { Button } from "../../parts/button.tsx";
import { SelectField, TextArea } from "../../parts/field.tsx";
import { Lead } from "../../parts/lead.tsx";
import { Page } from "../../parts/page.tsx";
import { useEnvironment, usePlace } from "../../parts/place.ts";
import { useRights } from "../../parts/rights.ts";
import { useShortcut } from "../../parts/shortcuts.ts";
import { Problem } from "../../parts/states.tsx";
import { Tag } from "../../parts/tag.tsx";
import { DatabaseTabs } from "./parts/database_tabs.tsx";
import { earlier, remember } from "./parts/history.ts";
import { QueryHistory } from "./parts/query_history.tsx";
import { QueryResult } from "./parts/query_result.tsx";
import styles from "./query.module.css";

const route = getRouteApi("/frame/p/$project/$environment/database/query");

const LIMITS = ["100", "500", "1000"].map((value) => ({ value, title: `At most ${value} rows` }));

export function Query() {
  const place = usePlace();
  const environment = useEnvironment();
  const whyNot = useRights().why("data:read");
  const search = route.useSearch();
  const [sql, setSql] = useState(search.sql ?? "");
  const [limit, setLimit] = useState("100");
  const [statements, setStatements] = useState(() => earlier(place));
  const query = useMutation({
    mutationFn: (statement: string): Promise<DatabaseQueryResult> => runQuery(place, statement, Number(limit)),
    onSettled: (_, __, statement) => setStatements(remember(place, statement)),
  });
  const run = () => {
    if (sql.trim() !== "" && !query.isPending) query.mutate(sql);
  };
  useShortcut("mod+Enter", "Run the statement", run, { group: "SQL" });
  return (
    <Page
      title="SQL"
      tags={<Where name={environment.name} isProduction={environment.isProduction} />}
      tabs={<DatabaseTabs />}
    >
      <Lead>
        One statement at a time, in a transaction that cannot write, for at most 5 seconds. The audit log keeps what was
        run.
      </Lead>
      <form
        className={`${styles.box} ${environment.isProduction ? styles.production : ""}`}
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <TextArea
          name="sql"
          label="Statement"
          isLabelHidden
          mono
          rows={Math.min(16, Math.max(4, sql.split("\n").length))}
          placeholder="SELECT state, count(*) FROM orders GROUP BY state"
          value={sql}
          onChange={setSql}
          autoFocus
        />
        <div className={styles.acts}>
          <Button type="submit" kind="primary" icon="play" isPending={query.isPending} whyNot={whyNot}>
            Run
          </Button>
          <SelectField name="limit" label="Rows" isLabelHidden options={LIMITS} value={limit} onChange={setLimit} />
        </div>
      </form>
      <Problem error={query.error} />
      {query.data && <QueryResult result={query.data} />}
      <QueryHistory statements={statements} onChoose={setSql} />
    </Page>
  );
}

function Where({ name, isProduction }: { name: string; isProduction: boolean }) {
  return <Tag tone={isProduction ? "deny" : "neutral"}>{name}</Tag>;
}
