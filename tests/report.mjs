// What a run of the tests was like, from the reports of nextest (JUnit): its slowest tests, those that failed, at both
// attempts or at the first, with what they said, and last the line `N passed, N failed`. Use: node tests/report.mjs FILE…
import { existsSync, readFileSync } from 'node:fs';

const SLOWEST = 25;
/** Of a failure: where and why it panicked stands at its beginning, what servers logged may follow. */
const CHARACTERS = 1500;

const unescapeXml = (text) =>
  text.replace(/&(lt|gt|quot|apos|amp|#(\d+));/g, (_, name, code) =>
    code ? String.fromCodePoint(Number(code)) : { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }[name],
  );

/** What a failed test said. */
function said(inside) {
  const [, , text] = inside.match(/<(failure|error|flakyFailure|flakyError)\b[^>]*>([\s\S]*?)<\/\1>/) ?? [];
  return unescapeXml(text ?? '')
    .trim()
    .slice(0, CHARACTERS)
    .replace(/^/gm, '            ');
}

/** The tests of a report: name with its program, seconds, whether it passed. */
function tests(xml) {
  const cases = xml.matchAll(/<testcase\b([^>]*?)(\/>|>([\s\S]*?)<\/testcase>)/g);
  return [...cases].map(([, attributes, , inside]) => {
    const of = (name) => unescapeXml(attributes.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? '');
    return {
      name: `${of('classname')} ${of('name')}`,
      seconds: Number(of('time')),
      passed: !/<(failure|error)\b/.test(inside ?? ''),
      again: /<flaky(Failure|Error)\b/.test(inside ?? ''),
      said: said(inside ?? ''),
    };
  });
}

const all = process.argv.slice(2).flatMap((path) => (existsSync(path) ? tests(readFileSync(path, 'utf8')) : []));
const line = (test) => `${test.seconds.toFixed(1).padStart(8)} s  ${test.name}`;
const slowest = all.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
console.log(`the slowest ${slowest.length} tests`);
console.log(slowest.map(line).join('\n'));
const shown = (title, tests) => {
  if (tests.length > 0) console.log([title, ...tests.map((test) => `${line(test)}\n${test.said}`)].join('\n'));
};
const failed = all.filter((test) => !test.passed);
shown(
  'passed at the second attempt: what the first one said',
  all.filter((test) => test.again),
);
shown('failed', failed);
console.log(`${all.length - failed.length} passed, ${failed.length} failed`);
