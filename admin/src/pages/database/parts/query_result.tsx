// The rows of a statement, with how many there are, how long it took, and a way to take them along.
import type { DatabaseQueryResult } from "../../../api/queries/database.ts";
import { Button } from "../../../parts/button.tsx";
import { copyText } from "../../../parts/copy.tsx";
import { downloadText } from "../../../parts/download.ts";
import { duration, plural } from "../../../parts/format.ts";
import { Section } from "../../../parts/page.tsx";
import { Empty } from "../../../parts/states.tsx";
import { say, sayProblem } from "../../../parts/toast.tsx";
import { plainValue } from "./cell.ts";
import { toCsv } from "./csv.ts";
import { ResultGrid } from "./result_grid.tsx";

export function QueryResult({ result }: { result: DatabaseQueryResult }) {
  const { columns, rows, truncated, durationMs } = result;
  const csv = () =>
    toCsv(
      columns,
      rows.map((row) => row.map(plainValue)),
    );
  const copy = () => copyText(csv()).then(() => say("The rows are copied."), sayProblem);
  const time = durationMs === 0 ? "less than a millisecond" : duration(durationMs * 1000);
  const count = `${plural(rows.length, "row")} in ${time}`;
  return (
    <Section
      title="Result"
      lead={truncated ? `${count}. There are more: these are as many as were asked for, or as fit.` : `${count}.`}
      actions={
        rows.length > 0 && (
          <>
            <Button small icon="copy" onPress={() => void copy()}>
              Copy as CSV
            </Button>
            <Button small icon="download" onPress={() => downloadText("result.csv", csv(), "text/csv")}>
              Download
            </Button>
          </>
        )
      }
    >
      {rows.length === 0 ? (
        <Empty sentence="The statement gave no rows." />
      ) : (
        <ResultGrid label="Rows of the result" columns={columns} rows={rows} />
      )}
    </Section>
  );
}
