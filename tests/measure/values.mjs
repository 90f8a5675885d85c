// Values that make functions work hard, per type, as SQL. `size`: bytes of a text; lists and documents are in proportion.

/** Types of which no column can be made, or whose values do not fit a row: written where they are used. */
export const INLINE = new Set(['cstring', 'oidvector', 'record', 'tsquery']);

const series = (sql, count) => `(SELECT array_agg(${sql}) FROM generate_series(1, ${count}) g)`;
const joined = (sql, count, between = ' ') => `(SELECT string_agg(${sql}, '${between}') FROM generate_series(1, ${count}) g)`;
const documents = (sql, count) => `(SELECT jsonb_agg(${sql}) FROM generate_series(1, ${count}) g)`;
const nested = (open, inside, close, depth) => `repeat('${open}', ${depth}) || '${inside}' || repeat('${close}', ${depth})`;

function texts(size) {
  const half = size / 2;
  return [
    `repeat('a', ${size})`,
    `repeat('b', ${size}) || 'a'`,
    `repeat('a', ${half}) || 'b'`,
    `'b' || repeat('a', ${half})`,
    `'%' || repeat('a', ${half}) || 'b'`,
    `repeat('%a', ${half}) || 'b'`,
    `'%' || repeat('_', ${half}) || 'b'`,
    `repeat('1', ${Math.min(size, 131_071)})`,
    joined('g::text', size / 8),
    joined('chr(200 + g % 5000)', half, ''),
    // Marks that normalisation puts in order.
    `'e' || ${joined('chr(CASE WHEN g % 2 = 0 THEN 769 ELSE 790 END)', half, '')}`,
    `'e' || repeat(chr(769), ${size / 4}) || repeat(chr(790), ${size / 4})`,
    `repeat('(', ${Math.min(5000, size / 30)})`,
    `'(a*)*b'`,
    `repeat('a?', 300) || repeat('a', 300)`,
    // Patterns of to_char and format.
    `repeat('Y', ${size})`,
    `repeat('9', ${size})`,
    `repeat('%s', ${size / 4})`,
    `repeat(' ', ${size}) || 'x'`,
    `'//' || repeat('*//', 12) || 'x'`,
    `'english'`,
    `'a'`,
    `''`,
  ];
}

function jsons(size) {
  const few = Math.floor(size / 15);
  return [
    documents('g', size / 8),
    documents('g::text', size / 10),
    documents(`(${size} - g)::text`, size / 10),
    `(SELECT jsonb_object_agg(g::text, g) FROM generate_series(1, ${few}) g)`,
    documents('jsonb_build_array(g)', few),
    documents(`jsonb_build_object('a', g)`, few),
    documents(`jsonb_build_array(${few} - g)`, few),
    `(${nested('[', '', ']', Math.min(5000, size / 30))})::jsonb`,
    `'{}'::jsonb`,
    `'1'::jsonb`,
  ];
}

function shapes(size) {
  const many = Math.floor(size / 30);
  const points = joined(`'(' || g || ',' || (g * 7919 % 1000) || ')'`, many, ',');
  const ring = (radius) => {
    const angle = `g * 6.28 / ${many}`;
    return joined(`'(' || cos(${angle}) * ${radius} || ',' || sin(${angle}) * ${radius} || ')'`, many, ',');
  };
  return {
    path: [`'(' || ${points} || ')'`, `'[' || ${points} || ']'`, `'(' || ${ring(1)} || ')'`, `'((0,0),(1,1))'`],
    polygon: [`'(' || ${ring(1)} || ')'`, `'(' || ${ring(1.1)} || ')'`, `'(' || ${points} || ')'`, `'((0,0),(1,1),(1,0))'`],
    point: [`'(1,1)'`, `'(0.5,0.5)'`, `'(NaN,NaN)'`],
    lseg: [`'[(0,0),(1,1)]'`],
    box: [`'(1,1),(0,0)'`],
    line: [`'{1,-1,0}'`],
    circle: [`'<(0,0),1>'`],
  };
}

function searches(size) {
  const [many, depth] = [Math.floor(size / 30), Math.min(5000, Math.floor(size / 30))];
  const pair = `CASE WHEN g % 2 = 0 THEN 'a' ELSE 'b' END`;
  return {
    tsvector: [
      joined('g::text', size / 10),
      joined(`'a:' || g`, 250),
      `(SELECT array_to_tsvector(array_agg(g::text)) FROM generate_series(1, ${many * 2}) g)`,
      `(SELECT to_tsvector('simple', ${joined(pair, size / 10)}))`,
      `(SELECT to_tsvector('simple', ${joined(`'w' || g % 60`, 15_000)}))`,
      `'a'`,
      `''`,
    ],
    tsquery: [
      joined('g::text', many, ' & '),
      joined('g::text', many, ' | '),
      joined(`'w' || g % 60`, depth / 5, ' <-> '),
      joined(pair, many, ' & '),
      nested('!(', 'a', ')', depth),
      joined(`'(a|b|w1|w2)'`, 12, ' <-> '),
      `'a'`,
      `''`,
    ],
    jsonpath: [
      `'$'`,
      `'$.**'`,
      `'strict $.**.a'`,
      `'$[*] ? (@ > 1)'`,
      `'$[*] ? (@ == $[*])'`,
      `'$[*].a ? (@ like_regex "(a*)*b")'`,
      `'$' || repeat('.a', ${depth})`,
      `'$ ? (' || ${nested('(', '1 == 1', ')', depth)} || ')'`,
    ],
    xml: [
      `'<a>' || repeat('<b/>', ${size / 4}) || '</a>'`,
      nested('<a>', '', '</a>', 250),
      `'<a' || ${joined(`' a' || g || '="1"'`, many, '')} || '/>'`,
      `'<a>' || ${joined(`'<b>' || g || '</b>'`, many, '')} || '</a>'`,
      `'x'`,
    ],
  };
}

function bytes(size) {
  const half = size / 2;
  const written = [`repeat('a', ${size})`, `repeat('b', ${size})`, `repeat('a', ${half}) || 'b'`, `'b' || repeat('a', ${half})`,
    `'%' || repeat('a', ${half}) || 'b'`, `repeat('%a', ${half}) || 'b'`, `''`];
  const bits = [`repeat('01', ${half})`, `repeat('0', ${size})`, `repeat('0', ${half}) || '1'`, `'1'`];
  return { bytea: written.map((sql) => `convert_to(${sql}, 'UTF8')`), bit: bits, 'bit varying': bits };
}

const NUMBERS = {
  boolean: ['true', 'false'],
  smallint: ['0', '1', '-1', '32767'],
  bigint: ['0', '1', '-1', '150000', '9223372036854775807', '6074000999952099327'],
  real: [`'1e38'`, '0', '-1.5', `'NaN'`],
  'double precision': [`'1e308'`, '0', '-1.5', `'NaN'`, `'1e-300'`, '170'],
  numeric: [`repeat('9', 131072)`, `'0.' || repeat('0', 16000) || '1'`, `repeat('9', 65000) || '.' || repeat('9', 16000)`,
    `repeat('7', 131072)`, '-1.5', '2', '1000', '0.5', '0'],
  money: [`'92233720368547758.07'`],
};

const MOMENTS = [`'2000-01-01'`, `'294276-12-31'`, `'4713-01-01 BC'`, `'infinity'`];

const SMALL = {
  name: [`'a'`], '"char"': [`'a'`], unknown: [`'a'`], oid: ['0', '1259'], xid: [`'1'`], xid8: [`'1'`], cid: [`'1'`], tid: [`'(0,1)'`],
  pg_lsn: [`'0/1'`], uuid: [`'00000000-0000-0000-0000-000000000001'`],
  date: [`'2000-01-01'`, `'5874897-12-31'`, `'4713-01-01 BC'`, `'infinity'`],
  'time without time zone': [`'12:00'`], 'time with time zone': [`'12:00+01'`],
  'timestamp without time zone': MOMENTS, 'timestamp with time zone': MOMENTS,
  interval: [`'1 microsecond'`, `'178000000 years'`, `'0'`, `'-1 day'`],
  inet: [`'10.0.0.1/8'`, `'::1'`], cidr: [`'10.0.0.0/8'`], macaddr: [`'08:00:2b:01:02:03'`], macaddr8: [`'08:00:2b:01:02:03:04:05'`],
  regconfig: [`'english'`, `'simple'`], regdictionary: [`'english_stem'`, `'simple'`], refcursor: [`'a'`],
  txid_snapshot: [`'1:2:'`], pg_snapshot: [`'1:2:'`], int2vector: [`'1 2'`],
  int4range: [`'[1,2)'`, `'(,)'`], int8range: [`'[1,2)'`, `'(,)'`], numrange: [`'[1,2)'`, `'(,)'`], daterange: [`'(,)'`],
  tsrange: [`'(,)'`], tstzrange: [`'(,)'`],
  'cstring[]': [`'{1,1}'`], 'pg_lsn[]': [`'{0/1}'`], 'interval[]': [`'{1 day}'`], '"char"[]': [`'{a}'`],
};

/** Values of each type; and, for arguments of any type, families in which element, list and range go together. */
export function values(size) {
  const [count, few] = [Math.floor(size / 8), Math.floor(size / 30)];
  const [text, json] = [texts(size), jsons(size)];
  const lists = {
    int: [series('g', count), series(`${count} - g`, count), series('1', count), series('g % 2', count), `'{}'`, `'{1}'`],
    text: [series('g::text', size / 10), series(`(${count} - g)::text`, size / 10), series(`'a'::text`, count), `'{}'`, `'{a}'`],
  };
  const types = {
    text, 'character varying': text, character: text.slice(0, 8), cstring: text.map((sql) => `textout(${sql})`),
    jsonb: json, json: json.map((sql) => `(${sql})::text`),
    integer: ['0', '1', '-1', '1000', String(size), '2147483647'],
    ...NUMBERS, ...SMALL, ...shapes(size), ...searches(size), ...bytes(size),
    'text[]': lists.text, 'integer[]': lists.int, 'bigint[]': lists.int, 'oid[]': lists.int.slice(0, 2),
    'smallint[]': [series('g % 1000', count)], 'double precision[]': [series('g', count)], 'real[]': [series('g', count)],
    oidvector: [`${joined('g::text', count)}::oidvector`], record: [`ROW(1, repeat('a', 1000))`],
  };
  types.tsquery = types.tsquery.map((sql) => `(${sql})::tsquery`);
  const typed = Object.fromEntries(
    Object.entries(types).map(([type, list]) => [type, INLINE.has(type) ? list : list.map((sql) => `(${sql})::${type}`)]),
  );
  const ranges = (type, shift) => `(SELECT range_agg(${type}(g * 3 + ${shift}, g * 3 + ${shift + 1})) FROM generate_series(1, ${few}) g)`;
  const ints = lists.int.map((sql) => `(${sql})::int[]`);
  const families = [
    { element: ['1', '(-5)', String(count)], array: ints, range: typed.int4range,
      multirange: [ranges('int4range', 0), ranges('int4range', 1), `'{}'::int4multirange`, `'{(,)}'::int4multirange`] },
    { element: typed.text.slice(0, 3).concat(`'a'::text`), array: typed['text[]'], range: [], multirange: [] },
    { element: typed.numeric.slice(0, 3), array: [series('g::numeric', count)], range: typed.numrange, multirange: [ranges('numrange', 0)] },
    { element: typed.jsonb.slice(0, 3), array: [series('to_jsonb(g)', few)], range: [], multirange: [] },
    { element: typed.record, array: [series(`ROW(g, 'a')`, few)], range: [], multirange: [] },
  ];
  return { typed, families, mixed: [typed.text[0], typed.integer[3], typed.jsonb[0], ints[0]] };
}
