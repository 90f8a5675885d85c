//! Expressions of constants: what a bundler is tempted to compute at build.

use super::dice::Dice;

/// Literals, among them those at which conversions go wrong: white space before and behind, every notation of a number,
/// what looks like one, zeros with a sign, halves of characters.
const LITERALS: &[&str] = &[
    "0",
    "-0",
    "1",
    "2",
    "3",
    "7",
    "-1",
    "10",
    "0.1",
    "0.5",
    "-2.5",
    "1e21",
    "1e-7",
    "1e400",
    "NaN",
    "Infinity",
    "-Infinity",
    "2147483647",
    "2147483648",
    "4294967295",
    "9007199254740993",
    "0x1f",
    "0b11",
    "0o17",
    "1_000",
    ".5",
    "\"\"",
    "\" \"",
    "\"0\"",
    "\"10\"",
    "\"10 \"",
    "\" 10\"",
    "\"\\n7\\t\"",
    "\"0x10\"",
    "\"0x10 \"",
    "\"0x\"",
    "\"0x+5\"",
    "\"+5\"",
    "\"-5 \"",
    "\"- 5\"",
    "\"1e3\"",
    "\"1e3 \"",
    "\"1e1000\"",
    "\"Infinity\"",
    "\"Infinity \"",
    "\"-Infinity\\n\"",
    "\"infinity\"",
    "\"NaN\"",
    "\"nan\"",
    "\"inf\"",
    "\"1_000\"",
    "\"0b11\"",
    "\"0o17 \"",
    "\".5\"",
    "\"5.\"",
    "\".\"",
    "\"\\u00a07\"",
    "\"7\\u00a0\"",
    "\"\\ufeff1\"",
    "\"1\\u2028\"",
    "\"\\u180e1\"",
    "\"1,5\"",
    "\"12 3\"",
    "\"abc\"",
    "\"ABC\"",
    "\"true\"",
    "\"null\"",
    "\"\\ud800\"",
    "\"é\"",
    "\"😀\"",
    "\"1n\"",
    "\"10n \"",
    "\"__proto__\"",
    "`a`",
    "`7 `",
    "``",
    "0n",
    "1n",
    "-5n",
    "10n",
    "18446744073709551616n",
    "true",
    "false",
    "null",
    "undefined",
    "void 0",
    "[]",
    "[1]",
    "[\"7 \"]",
    "[,1]",
    "[1, [2, \"3 \"]]",
    "({})",
    "({ valueOf: () => \"7 \" })",
    "({ toString: () => \"8\\n\" })",
    "/a/g",
    "Symbol.iterator",
];

const UNARY: &[&str] = &["+", "-", "~", "!", "typeof ", "void ", "!!", "- -", "+!"];

const BINARY: &[&str] = &[
    "+",
    "-",
    "*",
    "/",
    "%",
    "<<",
    ">>",
    ">>>",
    "&",
    "|",
    "^",
    "==",
    "!=",
    "===",
    "!==",
    "<",
    ">",
    "<=",
    ">=",
    "&&",
    "||",
    "??",
    ",",
    "in",
    "instanceof",
    "**",
];

/// Calls with `$` for an operand.
const CALLS: &[&str] = &[
    "Number($)",
    "String($)",
    "Boolean($)",
    "BigInt($)",
    "parseInt($)",
    "parseInt($, 16)",
    "parseFloat($)",
    "isNaN($)",
    "Number.isInteger($)",
    "Number.isNaN($)",
    "isFinite($)",
    "Math.max($, $)",
    "Math.min($, 1)",
    "Math.abs($)",
    "Math.floor($)",
    "Math.round($)",
    "Math.trunc($)",
    "Math.sign($)",
    "Math.imul($, 3)",
    "Math.clz32($)",
    "Math.fround($)",
    "\"abcabc\".indexOf($)",
    "\"abcabc\".lastIndexOf($)",
    "\"abcabc\".charAt($)",
    "\"abcabc\".charCodeAt($)",
    "\"abcabc\".at($)",
    "\"abcabc\".slice($)",
    "\"abcabc\".substring($, 2)",
    "\"abcabc\".substr($)",
    "\"abcabc\"[$]",
    "\"a,b\".split(\",\", $)",
    "\"a\".concat($, $)",
    "\"abc\".padStart(5, $)",
    "\"abc\".replace(\"b\", $)",
    "\"abc\".startsWith($)",
    "\"abc\".includes($)",
    "\" a \".trim()",
    "\"aB\".toUpperCase()",
    "String.fromCharCode($)",
    "String.raw`a${$}\\n`",
    "[$, $].join()",
    "[$, $].join($)",
    "[$, $, 3].length",
    "[1, 2, 3][$]",
    "[1, 2, 3].at($)",
    "[1, 2, 3].indexOf($)",
    "[1, 2, 3].includes($)",
    "[1, $].concat($)",
    "[...[$], $].length",
    "Array.isArray($)",
    "Array.of($)",
    "({ a: $ }).a",
    "({ [$]: 1 })",
    "({ ...$ })",
    "($)?.length",
    "($)!?.a?.b",
    "($)?.[0]",
    "($)?.toString?.()",
    "($ as any)?.length",
    "(<any>$)",
    "($ satisfies unknown)",
    "($ as const)",
    "($)!",
    "encodeURIComponent($)",
    "escape($)",
    "new Number($)",
    "Object($) === $",
    "Object.is($, $)",
    "typeof ($)",
    "delete ({ a: $ }).a",
    "`a${$}b${$}`",
    "`${$}`",
    "($) ? $ : $",
    "[$, $].sort()",
    "(($) , $)",
    "(() => $)()",
    "(function () { return $; })()",
    "((x = $) => x)()",
    "((...x) => x.length)($, $)",
    "JSON.stringify($)",
    "new Array($).length",
    // The engine leaves U+2028 in a source as it is (ECMA-262, 22.2.6.13.1 wants it escaped), and the compiler has no part in that.
    r#"RegExp($).source.replaceAll("\\u2028", "\u2028")"#,
    "(x => x === x)($)",
    "(x => -x)($)",
    "(x => x++ + x)($)",
    "new Boolean($) ? 1 : 2",
    "Number.parseFloat($)",
    "BigInt.asUintN(8, BigInt($))",
    "Number.MAX_SAFE_INTEGER + Number($)",
    "parseInt($, $)",
    "($).toString()",
    "($).toFixed(1)",
    "($).constructor.name",
];

/// An expression in brackets or one that needs none. `names` may be used as operands.
pub(super) fn expression(dice: &mut Dice, depth: usize, names: &[&str]) -> String {
    if depth == 0 || dice.once_in(5) {
        return operand(dice, names);
    }
    match dice.below(10) {
        0..2 => format!("({}({}))", dice.pick(UNARY), expression(dice, depth - 1, names)),
        2..6 => binary(dice, depth, names),
        _ => {
            let call = dice.pick(CALLS);
            let mut filled = String::new();
            for (index, part) in call.split('$').enumerate() {
                // `${$}` of a template: the first `$` is the template's.
                if index > 0 && !part.starts_with('{') {
                    filled.push_str(&expression(dice, depth - 1, names));
                } else if index > 0 {
                    filled.push('$');
                }
                filled.push_str(part);
            }
            format!("({filled})")
        }
    }
}

fn binary(dice: &mut Dice, depth: usize, names: &[&str]) -> String {
    let operator = dice.pick(BINARY);
    if operator == "**" {
        // Of whole numbers: how others are rounded is each engine's own.
        let base = dice.pick(&["2", "3n", "-2", "10", "\"2 \"", "1", "0"]);
        let power = dice.pick(&["3", "\"3 \"", "2n", "0", "1", "Infinity", "NaN", "-1"]);
        return format!("(({base}) ** ({power}))");
    }
    let left = expression(dice, depth - 1, names);
    // `(a) < (b) > (c)` is a call with types: nothing follows in these brackets.
    let right = if operator.starts_with('<') {
        operand(dice, names)
    } else {
        expression(dice, depth - 1, names)
    };
    // The engine takes the slash of `[a = `b` / c] = d` for the start of a regular expression: a syntax error at build.
    let template = operator == "/" && left.trim_end_matches(')').ends_with('`');
    let operator = if template { "*" } else { operator };
    format!("(({left}) {operator} ({right}))")
}

fn operand(dice: &mut Dice, names: &[&str]) -> String {
    if !names.is_empty() && dice.once_in(2) {
        return dice.pick(names).to_owned();
    }
    literal(dice)
}

/// A literal, in brackets where an operator before it could change its meaning.
pub(super) fn literal(dice: &mut Dice) -> String {
    let literal = dice.pick(LITERALS);
    if literal.starts_with('-') || literal.starts_with("void") {
        format!("({literal})")
    } else {
        literal.to_owned()
    }
}

/// A literal that is a number or text: what a constant of a limit or of a setting is.
pub(super) fn plain(dice: &mut Dice) -> String {
    loop {
        let found = literal(dice);
        if found.starts_with(['"', '`', '0', '1', '2', '7', '.']) && !found.ends_with('n') {
            return found;
        }
    }
}
