// Which functions of PostgreSQL go on after `statement_timeout`: every function and aggregate of its catalog that a role may
// call, and with them the functions of all operators, with large arguments of their types, in a cluster of its own. Writes
// docs/decisions/0005-functions.md. Use: node tests/measure/postgres.mjs [PATTERN OF NAMES]; with a pattern it only prints.
// What it finds belongs into server/src/storage/tenant/postgres/bounded.rs, or is refused; a test compares the two.
import { writeFileSync } from 'node:fs';
import { cluster } from './cluster.mjs';
import { INLINE, values } from './values.mjs';

const TABLE = new URL('../../docs/decisions/0005-functions.md', import.meta.url);
/** What a statement may take, and after how long it counts as one that nothing stops. */
const [LIMIT_MS, PATIENCE_MS] = [500, 4000];
/** Sizes of the arguments. The second, for those that take some time with the first, tells what grows with the square. */
const SIZES = [150_000, 1_200_000];
const SOME_TIME_MS = 30;
/** Arguments per function and family of types. */
const MOST = 300;

/** Of the system: revoked by their names, whatever they do. */
const REVOKED =
  '^(pg_|lo_|loread|lowrite|has_|binary_upgrade_|inet_client_|inet_server_|to_reg|reg[a-z]+(in|out|recv|send)$|acl|makeacl|txid_|' +
  'brin_|gin_|gist_|spg_|(cursor|database|query|schema|table)_to_xml|current_|set_config|currtid|nextval|setval|currval|lastval)';

const POLYMORPHIC = { element: 'element', nonarray: 'element', array: 'array', range: 'range', multirange: 'multirange' };
const kindOf = (type) => POLYMORPHIC[type.match(/^any(?:compatible)?(.*)$/)?.[1] || (/^any/.test(type) ? 'element' : '')];

const database = await cluster();
const only = process.argv[2] && new RegExp(process.argv[2]);

function functions() {
  const rows = database.rows(`SELECT p.proname, p.prokind, p.provariadic <> 0, p.proname || '(' || coalesce(list, '') || ')', list
    FROM pg_proc p, LATERAL (SELECT string_agg(format_type(t, NULL), ', ' ORDER BY o) AS list
      FROM unnest(p.proargtypes) WITH ORDINALITY a(t, o)) a
    WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind IN ('f', 'a') AND proname !~ '${REVOKED}'
      AND prorettype::regtype::text !~ '^(internal|trigger|event_trigger|.*_handler)$' AND NOT 'internal'::regtype = ANY (proargtypes)
    ORDER BY 4`);
  const read = ([name, kind, variadic, signature, list]) => ({
    name, signature, aggregate: kind === 'a', variadic: variadic === 't', types: list ? list.split(', ') : [],
  });
  return rows.map(read).filter(({ name }) => !only || only.test(name));
}

/** Makes a table of one row with all large values, and gives the values as what a statement calls them. */
function laidOut(size) {
  const columns = new Map();
  const named = (sql) => {
    if (!/repeat|SELECT/.test(sql) || /ROW\(/.test(sql)) return sql;
    if (!columns.has(sql)) columns.set(sql, `c${columns.size}`);
    return `v.${columns.get(sql)}`;
  };
  const inline = {
    cstring: (sql) => `textout(${named(`(${sql.slice('textout('.length, -1)})::text`)})`,
    tsquery: (sql) => `${named(`${sql.slice(0, -'::tsquery'.length)}::text`)}::tsquery`,
    oidvector: (sql) => `${named(sql.slice(0, -'::oidvector'.length))}::oidvector`,
    record: (sql) => sql,
  };
  const { typed, families, mixed } = values(size);
  const called = Object.fromEntries(
    Object.entries(typed).map(([type, list]) => [type, list.map(INLINE.has(type) ? inline[type] : named)]),
  );
  const all = {
    typed: called,
    families: families.map((family) => Object.fromEntries(Object.entries(family).map(([kind, list]) => [kind, list.map(named)]))),
    mixed: mixed.map(named),
  };
  const parts = [...columns].map(([sql, name]) => [`part_${name}`, `SELECT ${sql} AS ${name}`]);
  database.rows(`DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC;
    ${parts.map(([name, sql]) => `CREATE TABLE ${name} AS ${sql};`).join('\n')}
    CREATE TABLE v AS SELECT * FROM ${parts.map(([name]) => name).join(', ')}; GRANT SELECT ON v TO PUBLIC; CHECKPOINT`);
  return all;
}

/** Lists of values for the arguments, one set per family of types where any type will do. */
function sets(types, { typed, families, mixed }) {
  const lists = (family) => types.map((type) => (type === '"any"' ? mixed : kindOf(type) ? family[kindOf(type)] : (typed[type] ?? [])));
  const wanted = types.some((type) => kindOf(type)) ? families : families.slice(0, 1);
  return wanted.map(lists).filter((set) => set.every((list) => list.length > 0));
}

/** All combinations, or a part: those of the first four of each, and others by chance, the same in every run. */
function* combinations(lists) {
  const count = (all) => all.reduce((product, list) => product * list.length, 1);
  const nth = (all, index) =>
    all.map((list) => {
      const value = list[index % list.length];
      index = Math.floor(index / list.length);
      return value;
    });
  if (count(lists) <= MOST) {
    for (let index = 0; index < count(lists); index += 1) yield nth(lists, index);
    return;
  }
  const first = lists.map((list) => list.slice(0, 5));
  for (let index = 0; index < Math.min(count(first), MOST / 2); index += 1) yield nth(first, index);
  let seed = 12_345;
  for (let index = 0; index < MOST / 2; index += 1) {
    yield lists.map((list) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return list[Math.floor(seed / 65_536) % list.length];
    });
  }
}

function statement({ name, types, aggregate, variadic }, chosen) {
  const last = chosen.length - 1;
  const list = chosen.map((value, index) => (variadic && index === last && types[index] !== '"any"' ? `VARIADIC ${value}` : value));
  const rows = aggregate ? 'public.v, generate_series(1, 20)' : 'public.v';
  return `SELECT count(x) FROM (SELECT pg_catalog."${name}"(${list.join(', ')}) AS x FROM ${rows}) s`;
}

let session;
async function connect() {
  session?.end();
  session = database.session('caller');
  await session.ask(`SET statement_timeout = ${LIMIT_MS}; SET work_mem = '4MB'`, PATIENCE_MS);
}

/** The longest call of a function; `late` where one went on. */
async function longest(of, all) {
  const worst = { ms: 0, late: false, calls: 0, answered: 0 };
  for (const lists of sets(of.types, all)) {
    for (const chosen of combinations(lists)) {
      const { ms, late, error } = await session.ask(statement(of, chosen), PATIENCE_MS);
      worst.calls += 1;
      worst.answered += Number(error === '' && !late);
      worst.ms = Math.max(worst.ms, ms);
      if (late) {
        database.stop();
        database.start();
        await connect();
        return { ...worst, late };
      }
    }
  }
  return worst;
}

const seconds = (ms) => (ms < 1000 ? '' : `${(ms / 1000).toFixed(0)} s`);

function table(measured) {
  const [version] = database.rows('SHOW server_version')[0];
  const of = (wanted) => measured.filter(wanted);
  const late = of((one) => one.late);
  const slow = of((one) => !one.late && one.ms >= 1000);
  const row = (one) => `| \`${one.signature}\` | ${one.late ? `goes on, with ${one.size / 1000} kB` : seconds(one.ms)} |`;
  return `# Functions of PostgreSQL that go on after their time

Written by \`tests/measure/postgres.mjs\` on PostgreSQL ${version}; it belongs to [decision 5](0005-tenant-databases.md). Every
function that a role may call was called with large arguments of its types, with a \`statement_timeout\` of ${LIMIT_MS} ms. It goes on
if there is no answer after ${PATIENCE_MS / 1000} seconds: neither the time limit nor a cancel reaches it. Functions of operators are called
by name. Arguments have ${SIZES[0] / 1000} kB, and ${SIZES[1] / 1000} kB for those that took ${SOME_TIME_MS} ms or more.

${measured.length} functions; ${of((one) => one.calls === 0).length} take types that hooks have no values of; ${late.length} go on.

| function | |
|---|---|
${late.map(row).join('\n')}

Took more than a second, whatever the size, and ended: their arguments or answers have a maximum size.

| function | longest |
|---|---|
${slow.map(row).join('\n')}
`;
}

database.rows('CREATE ROLE caller LOGIN');
const list = functions();
const found = new Map();
for (const size of SIZES) {
  const all = laidOut(size);
  await connect();
  for (const one of list) {
    const known = found.get(one.signature);
    if (known && (known.late || known.ms < SOME_TIME_MS)) continue;
    found.set(one.signature, { signature: one.signature, size, ...(await longest(one, all)) });
  }
}
const text = table([...found.values()]);
if (only) console.log(text);
else writeFileSync(TABLE, text);
session.end();
database.remove();
process.exit(0);
