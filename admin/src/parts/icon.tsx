// Icons, drawn on a grid of 16 with lines of 1.5. They take the colour of the text beside them.
import type { ReactNode } from "react";
import styles from "./icon.module.css";

const drawings = {
  plus: <path d="M8 3v10M3 8h10" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  check: <path d="m3 8.5 3.2 3L13 4.5" />,
  search: <path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Zm3.3 7.8L13.5 13.5" />,
  down: <path d="m4 6 4 4 4-4" />,
  up: <path d="m4 10 4-4 4 4" />,
  right: <path d="m6 4 4 4-4 4" />,
  left: <path d="m10 4-4 4 4 4" />,
  more: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2" />,
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  copy: <path d="M5.5 5.5h7v8h-7zM3.5 10.5v-8h7" />,
  external: <path d="M9.5 2.5h4v4M13.5 2.5 8 8M6.5 3.5h-3v9h9v-3" />,
  refresh: <path d="M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3" />,
  back: <path d="M13 8H3M7 4 3 8l4 4" />,
  play: <path d="M4.5 3v10l8-5z" />,
  stop: <path d="M4 4h8v8H4z" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  trash: <path d="M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.5 9h6l.5-9M6.8 7v4M9.2 7v4" />,
  edit: <path d="m3 13 .7-3L10.5 3.2l2.3 2.3L6 12.3z" />,
  key: <path d="M5.5 7.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM7.6 8.4 13 3M10.5 5.5l2 2" />,
  lock: <path d="M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5" />,
  user: <path d="M8 2.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4ZM3 13.5c.3-2.5 2.3-3.7 5-3.7s4.7 1.2 5 3.7" />,
  users: (
    <path d="M6 3a2.3 2.3 0 1 1 0 4.6A2.3 2.3 0 0 1 6 3ZM1.8 12.8c.2-2.2 1.9-3.3 4.2-3.3s4 1.1 4.2 3.3M10.5 3.3a2.2 2.2 0 0 1 0 4M11.8 9.8c1.400.4 2.3 1.4 2.4 3" />
  ),
  home: <path d="M2.5 7.5 8 3l5.5 4.5M4 6.5v7h8v-7" />,
  hook: <path d="M10.5 2.5v6.3a3.7 3.7 0 0 1-7.4 0V8M3.1 8 1.5 9.8M3.1 8l1.7 1.8" />,
  shield: <path d="M8 2 3 4v4c0 3 2 5 5 6 3-1 5-3 5-6V4z" />,
  chart: <path d="M2.5 13.5h11M4.5 11V8M8 11V4M11.5 11V6.5" />,
  calls: <path d="M2.5 4.5h7M2.5 8h11M5.5 11.5h6" />,
  webhook: <path d="M2.5 8h8M7.5 5l3 3-3 3M13.5 3v10" />,
  queue: <path d="M2.5 3.5h11v3h-11zM2.5 9.5h11v3h-11z" />,
  clock: <path d="M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 5v3.2l2.2 1.3" />,
  mail: <path d="M2.5 4h11v8.5h-11zM2.5 4.5 8 9l5.5-4.5" />,
  database: (
    <path d="M3 4.3c0-1 2.2-1.8 5-1.8s5 .8 5 1.8-2.2 1.8-5 1.8-5-.8-5-1.8ZM3 4.3v7.4c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V4.3M3 8c0 1 2.2 1.8 5 1.8S13 9 13 8" />
  ),
  settings: (
    <path d="M2.5 4.5h5M11 4.5h2.5M9.3 2.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4ZM2.5 11.5H5M8.5 11.5h5M6.7 9.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4Z" />
  ),
  log: <path d="M3.5 2.5h9v11h-9zM5.5 5.5h5M5.5 8h5M5.5 10.5h3" />,
  event: <path d="M8.8 2 4 9h4l-.8 5L12 7H8z" />,
  code: <path d="m5.5 4.5-3.5 3.5 3.5 3.5M10.5 4.5 14 8l-3.5 3.5" />,
  warning: <path d="M8 2.5 14 13H2zM8 6.5v3M8 11.3h.01" />,
  info: <path d="M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 7.5V11M8 5.2h.01" />,
  help: (
    <path d="M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM6.3 6.5a1.7 1.7 0 1 1 2.4 1.6c-.5.2-.7.5-.7 1.1M8 11.2h.01" />
  ),
  sun: (
    <path d="M8 5.3a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4ZM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1" />
  ),
  moon: <path d="M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5Z" />,
  screen: <path d="M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3" />,
  filter: <path d="M2.5 4h11M4.5 8h7M6.5 12h3" />,
  download: <path d="M8 2.5v7.5M5 7l3 3 3-3M3 13.5h10" />,
  history: <path d="M3 8a5 5 0 1 0 1.5-3.6M3 2v3h3M8 5.5V8l2 1.5" />,
  compare: <path d="M6.5 3v10M2.5 5h4M2.5 8h4M2.5 11h4M9.5 3v10M9.5 6h4M9.5 10h4" />,
  rocket: <path d="M6 10 3.5 8.5 6 5.5C8 3 10.5 2.5 13.5 2.5c0 3-.5 5.5-3 7.5l-3 2.5zM5.5 11.5l-2 1" />,
  collapse: <path d="M2.5 3h11v10h-11zM6 3v10" />,
  spark: <path d="M8 2.5 9.3 6.7 13.5 8 9.3 9.3 8 13.5 6.7 9.3 2.5 8l4.2-1.3z" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

type Props = { name: IconName; size?: 12 | 16 | 20 | 24; label?: string };

/** An icon. Without a label it is decoration, and the text beside it says what it stands for. */
export function Icon({ name, size = 16, label }: Props) {
  const common = {
    className: styles.icon,
    width: size,
    height: size,
    viewBox: "0 0 16 16",
    fill: "none",
    stroke: "currentColor",
    strokeWidth: 1.5,
    strokeLinecap: "round" as const,
    strokeLinejoin: "round" as const,
  };
  if (!label) {
    return (
      <svg {...common} aria-hidden="true">
        {drawings[name]}
      </svg>
    );
  }
  return (
    <svg {...common} role="img" aria-label={label}>
      {drawings[name]}
    </svg>
  );
}
