// The head of a page and its sections: title, tags, what it is about, actions, tabs.
import { type ReactNode, useEffect } from "react";
import styles from "./page.module.css";

type PageProps = {
  title: string;
  /** Draft, simulated, a state: left of nothing else, always here. */
  tags?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  tabs?: ReactNode;
  /** A link to what the page is part of. */
  back?: ReactNode;
  width?: "page" | "form" | "full";
  /** The title is code: an id, an address. */
  isCode?: boolean;
  children?: ReactNode;
};

export function Page({ title, tags, lead, actions, tabs, back, width = "page", isCode, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Aerocall`;
  }, [title]);
  return (
    <div className={`${styles.page} ${styles[width]}`}>
      <header className={styles.head}>
        {back && <div className={styles.back}>{back}</div>}
        <div className={styles.line}>
          <div className={styles.title}>
            <h1 className={isCode ? styles.code : undefined}>{title}</h1>
            {tags && <div className={styles.tags}>{tags}</div>}
          </div>
          {actions && <div className={styles.actions}>{actions}</div>}
        </div>
        {lead && <div className={styles.lead}>{lead}</div>}
        {tabs}
      </header>
      {children}
    </div>
  );
}

type SectionProps = { title: string; lead?: ReactNode; actions?: ReactNode; id?: string; children: ReactNode };

export function Section({ title, lead, actions, id, children }: SectionProps) {
  return (
    <section className={styles.section} id={id} aria-label={title}>
      <div className={styles.line}>
        <h2>{title}</h2>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {lead && <div className={styles.lead}>{lead}</div>}
      {children}
    </section>
  );
}

/** Facts in two columns: names and values. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
