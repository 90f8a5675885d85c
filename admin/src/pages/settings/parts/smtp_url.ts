// The address of an SMTP server in parts, as people know them, and as one URL, as the server takes it.

export type Security = "smtp" | "smtps" | "smtp+plain";

export type SmtpServer = {
  security: Security;
  host: string;
  port: string;
  user: string;
  /** Empty: the stored one stays, where there is one. */
  password: string;
};

export const SECURITIES: readonly { value: Security; title: string; port: string; hint: string }[] = [
  {
    value: "smtp",
    title: "STARTTLS",
    port: "587",
    hint: "Begins without TLS and switches to it; nothing is sent without it.",
  },
  { value: "smtps", title: "TLS", port: "465", hint: "TLS from the first byte." },
  { value: "smtp+plain", title: "None", port: "25", hint: "For servers on the same machine: no user, no password." },
];

export const NO_SERVER: SmtpServer = { security: "smtp", host: "", port: "587", user: "", password: "" };

/** Of an address as the server shows it, without its password. */
export function readSmtpUrl(url: string | null): SmtpServer {
  const parts = /^(smtps?|smtp\+plain):\/\/(?:([^@/:]*)(?::[^@/]*)?@)?(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(
    url ?? "",
  );
  if (!parts) return NO_SERVER;
  const [, security, user = "", host = "", port] = parts;
  const known = SECURITIES.find(({ value }) => value === security) ?? SECURITIES[0];
  return {
    security: known?.value ?? "smtp",
    host,
    port: port ?? known?.port ?? "",
    user: decode(user),
    password: "",
  };
}

/** What is wrong in it is for the server to say: nothing is left out. */
export function toSmtpUrl({ security, host, port, user, password }: SmtpServer): string {
  const secret = password ? `:${encodeURIComponent(password)}` : "";
  const who = user || password ? `${encodeURIComponent(user)}${secret}@` : "";
  return `${security}://${who}${host.trim()}${port.trim() ? `:${port.trim()}` : ""}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
