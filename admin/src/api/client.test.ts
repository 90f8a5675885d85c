import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ADMIN, api, ok } from "./client.ts";
import { currentCsrfToken, keepCsrfToken, onProofNeeded, onSignedOut } from "./session.ts";

/** Answers requests in the order of the answers, and keeps what was sent. */
function serve(...answers: (() => Response)[]): Request[] {
  const sent: Request[] = [];
  vi.stubGlobal("fetch", async (input: Request | string) => {
    sent.push(typeof input === "string" ? new Request(new URL(input, "http://localhost")) : input);
    const next = answers.shift();
    if (!next) throw new Error("nothing more was expected");
    return next();
  });
  return sent;
}

const answer = (status: number, body: unknown) => () => Response.json(body, { status });
const refuse = (status: number, code: string) => answer(status, { error: { code, message: code } });
const create = () => ok(api.POST(`${ADMIN}/projects`, { baseUrl: "http://localhost", body: { id: "a" } }));

beforeEach(() => keepCsrfToken("token"));
afterEach(() => {
  vi.unstubAllGlobals();
  onProofNeeded(async () => false);
  onSignedOut(() => {});
});

describe("a change", () => {
  it("carries the token of the session, and a reading does not", async () => {
    const sent = serve(answer(201, {}), answer(200, { projects: [] }));
    await create();
    await ok(api.GET(`${ADMIN}/projects`, { baseUrl: "http://localhost" }));
    expect(sent.map((one) => one.headers.get("x-csrf-token"))).toEqual(["token", null]);
  });

  it("that needs a fresh proof is sent again once it was given, whole", async () => {
    const sent = serve(refuse(403, "fresh_proof_required"), answer(201, { project_id: "a" }));
    onProofNeeded(async () => true);
    expect(await create()).toEqual({ project_id: "a" });
    expect(await sent[1]?.json()).toEqual({ id: "a" });
  });

  it("that needs a fresh proof is refused if none is given", async () => {
    serve(refuse(403, "fresh_proof_required"));
    await expect(create()).rejects.toMatchObject({ code: "fresh_proof_required" });
  });

  it("with the token of an earlier session is sent again with that of the new one", async () => {
    const sent = serve(refuse(403, "csrf_refused"), answer(200, { csrfToken: "new" }), answer(201, {}));
    await create();
    expect(sent[2]?.headers.get("x-csrf-token")).toBe("new");
    expect(currentCsrfToken()).toBe("new");
  });

  it("with a token that is refused and has not changed is refused once", async () => {
    serve(refuse(403, "csrf_refused"), answer(200, { csrfToken: "token" }));
    await expect(create()).rejects.toMatchObject({ code: "csrf_refused" });
  });
});

describe("the end of a session", () => {
  it("is notified once a request is answered with 401", async () => {
    const tell = vi.fn();
    onSignedOut(tell);
    serve(refuse(401, "unauthorized"));
    await expect(create()).rejects.toMatchObject({ status: 401 });
    expect(tell).toHaveBeenCalledOnce();
    expect(currentCsrfToken()).toBeNull();
  });

  it("is not a wrong code or a wrong password of somebody who is signed in", async () => {
    const tell = vi.fn();
    onSignedOut(tell);
    serve(refuse(401, "invalid_code"));
    const confirm = api.POST(`${ADMIN}/account/totp/confirm`, { baseUrl: "http://localhost", body: { code: "1" } });
    await expect(ok(confirm)).rejects.toMatchObject({ code: "invalid_code" });
    expect(tell).not.toHaveBeenCalled();
  });

  it("is not a wrong password", async () => {
    const tell = vi.fn();
    onSignedOut(tell);
    serve(refuse(401, "invalid_credentials"));
    const body = { email: "a@example.com", password: "b" };
    await expect(ok(api.POST(`${ADMIN}/session`, { baseUrl: "http://localhost", body }))).rejects.toMatchObject({
      code: "invalid_credentials",
    });
    expect(tell).not.toHaveBeenCalled();
  });
});
