// The headers of a request, in a table of two columns.
import styles from "./headers.module.css";

export function Headers({ of }: { of: Record<string, string> }) {
  return (
    <table className={styles.headers} aria-label="Headers">
      <tbody>
        {Object.entries(of).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
