// Templates and documents: marked, mustache, handlebars, js-yaml.
import Handlebars from "handlebars";
import { dump, load } from "js-yaml";
import { marked } from "marked";
import Mustache from "mustache";

const text = "# Hi *there*\n\n- one\n- two `code`\n  1. three\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n```js\nlet x = '<';\n```\n> quote [link](http://a.b \"t\")\n";

export const cases = {
  marked: () => [marked.parse(text), marked.parseInline("**b** <i>x</i>"), marked.lexer("a\n\nb").map((token) => token.type)],
  mustache: () => Mustache.render("{{#list}}<{{name}}>{{^last}}, {{/last}}{{/list}} {{{raw}}} {{esc}}", { list: [{ name: "a" }, { name: "b", last: true }], raw: "<b>", esc: "<b>" }),
  mustacheBad: () => Mustache.render("{{#open}}", {}),
  handlebars: () => { Handlebars.registerHelper("shout", (value) => value.toUpperCase()); return Handlebars.compile("{{#each users}}{{@index}}:{{shout name}} {{else}}none{{/each}}{{#if no}}x{{/if}}{{esc}}")({ users: [{ name: "a" }, { name: "b" }], esc: "<&>" }); },
  handlebarsBad: () => Handlebars.compile("{{#each}}")({}),
  yaml: () => [load("a: [1, 2.5, null, true]\nb: &x\n  c: |\n    text\n    more\nd: *x\ne: 2026-01-01\n"), dump({ a: [1, { b: "x: y" }], c: null })],
  yamlBad: () => { try { load("a: [1"); } catch (error) { return [error.name, error.reason]; } },
};
