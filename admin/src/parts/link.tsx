// Links: within the admin (typed by the routes), shown as a button, and to the documentation.
import { createLink, type LinkProps } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, ReactNode, Ref } from "react";
import { type ButtonKind, buttonClass } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";
import styles from "./link.module.css";

type Anchor = AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> };

function PlainAnchor({ className, ...rest }: Anchor) {
  return <a {...rest} className={className ? `${styles.link} ${className}` : styles.link} />;
}

/** A link to a page of the admin: `<Link to="/p/$project/$environment/users" params={place}>`. */
export const Link = createLink(PlainAnchor);

/** A link without a look of its own, for parts that bring theirs. */
export const BareLink = createLink((props: Anchor) => <a {...props} />);

/** Where a row, a tab or a command leads, when it is handed to a part. `linkOptions({…})` checks it against the routes. */
export type Target = Pick<LinkProps, "to" | "params" | "search" | "hash" | "from">;

type TargetLinkProps = Anchor &
  Target &
  Pick<LinkProps, "activeOptions" | "preload"> & { activeProps?: Anchor; replace?: boolean };

/** A bare link to a target. Its types were checked where the target was made. */
export const TargetLink = BareLink as unknown as (props: TargetLinkProps) => ReactNode;

type ButtonAnchor = Anchor & { kind?: ButtonKind; small?: boolean; icon?: IconName; wide?: boolean };

function ButtonLooking({ kind = "plain", small, wide, icon, children, className, ...rest }: ButtonAnchor) {
  return (
    <a {...rest} className={`${buttonClass(kind, { small, wide })} ${className ?? ""}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  );
}

/** A link that is the next thing to do, shown as a button. */
export const ButtonLink = createLink(ButtonLooking);

/** What the server serves below /docs: the API reference with a place in it, error codes, schemas. */
export type DocsPath =
  | ""
  | `?${string}`
  | `#${string}`
  | "errors"
  | `errors/${string}`
  | "events.schema.json"
  | "../openapi.json";

/** A page of the documentation that the server serves, in a tab of its own. */
export function DocsLink({ path, children }: { path: DocsPath; children: ReactNode }) {
  return (
    <a
      className={styles.link}
      href={/^[?#]|^$/.test(path) ? `/docs${path}` : `/docs/${path}`}
      target="_blank"
      rel="noreferrer"
    >
      {children}
      <span className={styles.away}>
        <Icon name="external" size={12} label="opens in a new tab" />
      </span>
    </a>
  );
}
