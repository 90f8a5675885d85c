// The headers of a request, in a table of two columns.
import styles from "./headers.module.css";

export function Headers({ of }: { of: readonly { name: string; value: string }[] }) {
  return (
    <table className={styles.headers} aria-label="Headers">
      <tbody>
        {of.map(({ name, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name can be there more than once
          <tr key={at}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
