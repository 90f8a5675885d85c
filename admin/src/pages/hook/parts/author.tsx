// Who made something: you, or what kind of key or account it was, with its id where it is pointed at.
import { useQuery } from "@tanstack/react-query";
import { currentAdmin } from "../../../api/queries/session.ts";

const KINDS: Record<string, string> = {
  admin: "an admin token",
  account: "an account",
  token: "a personal token",
  key: "a secret key",
  server: "the server",
};

export function Author({ of }: { of: string | null }) {
  const { data } = useQuery(currentAdmin);
  if (of === null) return <>unknown</>;
  const [kind = "", id = ""] = of.split(":");
  if (data?.account && id === data.account.id) return <span title={of}>you</span>;
  const name = KINDS[kind] ?? kind;
  return <span title={of}>{id ? `${name} …${id.slice(-6)}` : name}</span>;
}
