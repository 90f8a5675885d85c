// A QR code as a picture: dark on light in both themes, because cameras read it so.
import { useMemo } from "react";
import { qrOf } from "./qr.ts";
import styles from "./qr_code.module.css";

/** The empty edge that readers need, in modules. */
const EDGE = 4;

export function QrCode({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => {
    const code = qrOf(text);
    const squares = code.flatMap((row, y) =>
      row.flatMap((isDark, x) => (isDark ? [`M${x + EDGE} ${y + EDGE}h1v1h-1z`] : [])),
    );
    return { path: squares.join(""), size: code.length + 2 * EDGE };
  }, [text]);
  return (
    <svg
      className={styles.code}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <title>{label}</title>
      <path d={path} />
    </svg>
  );
}
