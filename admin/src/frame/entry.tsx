// What the pages before a sign-in are in: the name of the product, one form, and what keeps a browser from signing in here.
import { type ReactNode, useEffect } from "react";
import { CodeBlock } from "../parts/code.tsx";
import { Toasts } from "../parts/toast.tsx";
import styles from "./entry.module.css";

type Props = { title: string; lead?: ReactNode; children: ReactNode; foot?: ReactNode };

export function Entry({ title, lead, children, foot }: Props) {
  useEffect(() => {
    document.title = `${title} · Aerocall`;
  }, [title]);
  return (
    <main className={styles.entry}>
      <div className={styles.card}>
        <p className={styles.brand}>Aerocall</p>
        <h1>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
        {window.isSecureContext ? children : <PlainHttp />}
        {foot && <div className={styles.foot}>{foot}</div>}
      </div>
      <Toasts />
    </main>
  );
}

/** Over plain HTTP from another machine a browser keeps no session: said before somebody types a password. */
function PlainHttp() {
  const { host, hostname, port, pathname, hash } = window.location;
  return (
    <div className={styles.plain} role="alert">
      <p>
        <strong>This page came over plain HTTP.</strong> Whoever is on the way could read your password, and browsers
        keep the cookie of a session only over HTTPS or on the server's own machine. So nobody can sign in here.
      </p>
      <p>
        Open it over HTTPS: <a href={`https://${host}${pathname}${hash}`}>https://{host}</a>, behind a proxy that has a
        certificate: docs/deploy/README.md of the program says how.
      </p>
      <p>Or forward the port to your machine, and open http://127.0.0.1:{port || "80"}/admin there:</p>
      <CodeBlock code={`ssh -L ${port || "8080"}:127.0.0.1:${port || "80"} ${hostname}`} label="The command" />
    </div>
  );
}
