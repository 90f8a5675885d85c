// Where two values differ, path by path.
import { PlainText } from "../../../parts/plain_text.tsx";
import styles from "./difference_list.module.css";
import { type Difference, differences } from "./differences.ts";

type Props = { title: string; left: unknown; right: unknown };

export function DifferenceList({ title, left, right }: Props) {
  const { list, isCut } = differences(left, right);
  if (list.length === 0) {
    return <p className={styles.same}>{title}: the same on both sides.</p>;
  }
  return (
    <table className={styles.list} aria-label={`Differences: ${title}`}>
      <caption className={styles.caption}>
        {title}:{" "}
        {isCut
          ? `the first ${list.length} differences`
          : list.length === 1
            ? "1 difference"
            : `${list.length} differences`}
      </caption>
      <tbody>
        {list.map((one) => (
          <tr key={one.path}>
            <th scope="row">
              <PlainText>{one.path || "the whole"}</PlainText>
            </th>
            <td>
              <del>{shown(one, "left")}</del>
            </td>
            <td>
              <ins>{shown(one, "right")}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function shown(one: Difference, side: "left" | "right") {
  const value = one[side];
  if (value === undefined) return <span className={styles.none}>not there</span>;
  return <PlainText>{typeof value === "string" ? value : JSON.stringify(value)}</PlainText>;
}
