// The way of a change to a hook, over the admin API: draft, check, test run, version, plan, deployment, backtest, rollback.
//
//   AEROCALL_SERVER=http://127.0.0.1:8080 AEROCALL_TOKEN=at_… AEROCALL_KEY=pk_… node examples/draft-to-rollback.mjs
//
// It works in the project `demo`, environment `development` (`aerocall serve --demo` prints the keys), on a hook of its own. Each
// step says what came of it; the first that is not as expected ends it with exit code 1.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';

const { AEROCALL_SERVER: server, AEROCALL_TOKEN: token, AEROCALL_KEY: key } = process.env;
assert(server && token && key, 'set AEROCALL_SERVER, AEROCALL_TOKEN and AEROCALL_KEY');
const hook = `limit-${Date.now().toString(36)}`;
const project = '/admin/api/v1/projects/demo';
const environment = `${project}/environments/development`;

/** A request of the admin API; its answer, which must have this status. */
async function admin(status, method, path, body, headers = {}) {
  const response = await fetch(server + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });
  const document = await response.json();
  assert.equal(response.status, status, `${method} ${path}: ${JSON.stringify(document)}`);
  return document;
}

/** Signs up; the status of the answer. */
async function signUp(email) {
  const response = await fetch(`${server}/auth/register`, {
    method: 'POST',
    headers: { 'x-aerocall-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'correct horse battery' }),
  });
  await response.text();
  return response.status;
}

/** A hook that denies the addresses of one domain. */
const denying = (domain) => `
export const beforeSignup = (context: any, payload: any, Aerocall: any) => {
  if (payload.user.email.endsWith('@${domain}')) throw new Aerocall.Deny('Please use another address', { code: 'no_${domain.split('.')[0]}' });
};
`;

/** Saves the code as the draft, if nobody has saved another meanwhile. */
async function save(draft, code) {
  const files = [{ path: `hooks/${hook}.ts`, text: code }];
  const path = `${project}/hooks/${hook}/draft`;
  return admin(200, 'PUT', path, { files, settings: draft.settings }, { 'if-match': `"${draft.revision}"` });
}

/** Makes a version of the draft and deploys it beside the other hooks. */
async function release(draft, message) {
  const version = await admin(201, 'POST', `${project}/hooks/${hook}/versions`, { revision: draft.revision, message });
  const hooks = [{ name: hook, number: version.number }];
  const plan = await admin(200, 'POST', `${environment}/deployments/plan`, { hooks, keepOthers: true });
  const gates = plan.gates.map((gate) => `${gate.name} ${gate.state}`).join(', ');
  assert(!plan.gates.some((gate) => gate.state === 'failed'), gates);
  console.log(`plan        version ${version.number}: ${gates}`);
  const order = { hooks, keepOthers: true, expect: plan.expect, message };
  const live = await admin(201, 'POST', `${environment}/deployments`, order);
  console.log(`deployment  ${live.deployment.number}: ${message}`);
  // Whoever planned before this deployment does not undo it.
  const late = await admin(409, 'POST', `${environment}/deployments`, order);
  console.log(`too late    ${late.error.code}`);
  return { version, deployment: live.deployment.number };
}

let draft = await admin(201, 'POST', `${project}/hooks`, { name: hook });
console.log(`draft       ${hook}, revision ${draft.revision}`);
const first = draft;
draft = await save(draft, 'export const beforeSignup = (');
const wrong = await admin(200, 'POST', `${project}/hooks/${hook}/check`, { revision: draft.revision });
console.log(`check       ${wrong.diagnostics[0].file}:${wrong.diagnostics[0].line}: ${wrong.diagnostics[0].message}`);
assert(wrong.manifest === null);
const path = `${project}/hooks/${hook}/draft`;
const lost = await admin(412, 'PUT', path, { files: first.files, settings: first.settings }, { 'if-match': `"${first.revision}"` });
console.log(`conflict    ${lost.error.code}: nothing is overwritten`);

draft = await save(draft, denying('one.example'));
const sample = { user: { email: 'ada@one.example', metadata: {}, publicMetadata: {} }, provider: 'password', client: {} };
const tried = await admin(200, 'POST', `${environment}/hooks/${hook}/run`, { target: 'draft', point: 'beforeSignup', payload: sample });
assert.equal(tried.outcome, 'deny');
console.log(`test run    ${tried.outcome}, fuel ${tried.fuel}`);

const one = await release(draft, 'No addresses of one.example');
const stamp = Date.now().toString(36);
assert.deepEqual([await signUp(`a-${stamp}@one.example`), await signUp(`a-${stamp}@two.example`)], [403, 201]);

draft = await save(await admin(200, 'GET', `${project}/hooks/${hook}/draft`), denying('two.example'));
const two = await release(draft, 'No addresses of two.example instead');
assert.deepEqual([await signUp(`b-${stamp}@one.example`), await signUp(`b-${stamp}@two.example`)], [201, 403]);

// What would the first version have decided of what the second has seen?
let recorded = [];
while (recorded.length < 4) {
  await wait(50);
  recorded = (await admin(200, 'GET', `${environment}/invocations?hook=${hook}&limit=10`)).invocations;
}
const replayed = await admin(200, 'POST', `${environment}/invocations/${recorded[0].id}/replay`, {});
console.log(`replay      ${replayed.verdict}`);
assert.equal(replayed.verdict, 'identical');
let backtest = await admin(201, 'POST', `${environment}/backtests`, { hook, target: one.version.number, limit: 10 });
while (!['done', 'stopped', 'failed'].includes(backtest.state)) {
  await wait(50);
  backtest = await admin(200, 'GET', `${environment}/backtests/${backtest.id}`);
}
const { nowDenied, nowAllowed, same } = backtest.figures;
console.log(`backtest    ${same} the same, ${nowDenied} now denied, ${nowAllowed} now allowed`);
assert.deepEqual([nowDenied, nowAllowed], [1, 1]);

const compared = await admin(200, 'GET', `${project}/hooks/${hook}/compare?a=${one.version.number}&b=${two.version.number}`);
console.log(`compare     ${compared.files.length} file differs`);
const back = { expect: two.deployment, message: 'Back to one.example' };
const rolledBack = await admin(201, 'POST', `${environment}/deployments/${one.deployment}/rollback`, back);
console.log(`rollback    deployment ${rolledBack.deployment.number}`);
assert.deepEqual([await signUp(`c-${stamp}@one.example`), await signUp(`c-${stamp}@two.example`)], [403, 201]);
console.log('done');
