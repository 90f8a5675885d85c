import type { BeforeSignup } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = async (_context, { user }, { http, secrets }) => {
  const key = await secrets.get("verify_key");
  const headers = { authorization: `Bearer ${key}` };
  const answer = await http.post("https://verify.example/check", { email: user.email }, { headers });
  const { deliverable } = await answer.json();
  if (deliverable === false) {
    return { deny: { code: "undeliverable", message: "This address gets no mail", status: 422 } };
  }
};
