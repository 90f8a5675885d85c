// What a made-up program's observations look like, in Node.js and in a hook: values of any type as text.

// A bundler writes the text of a function anew: brackets and blanks that mean nothing are not compared.
const FUNCTION = /=>|function/;

const show = (value, depth = 0) => {
	switch (typeof value) {
		case "number":
			return Object.is(value, -0) ? "-0" : String(value);
		case "bigint":
			return `${value}n`;
		case "string":
			return JSON.stringify(FUNCTION.test(value) ? value.replace(/[()\s;]/g, "") : value);
		case "function":
			return `function ${value.name}/${value.length}`;
		case "object":
			return value === null ? "null" : shape(value, depth);
		default:
			return String(value);
	}
};

const shape = (value, depth) => {
	if (depth > 3) return "…";
	if (value instanceof Error) return `${value.name}`;
	// The engine leaves U+2028 in it as it is.
	if (value instanceof RegExp) return String(value).replaceAll("\\u2028", "\u2028");
	if (Array.isArray(value)) {
		const items = Array.from({ length: Math.min(value.length, 20) }, (_, at) =>
			at in value ? show(value[at], depth + 1) : "hole",
		);
		return `[${items.join(", ")}]/${value.length}`;
	}
	const members = Reflect.ownKeys(value).map((key) => {
		const own = Object.getOwnPropertyDescriptor(value, key);
		return `${String(key)}: ${own.get ? "get" : show(own.value, depth + 1)}`;
	});
	const boxed = value instanceof Number || value instanceof String || value instanceof Boolean ? "boxed " : "";
	return `${boxed}{${members.join(", ")}}`;
};

const thrown = (error) => `! ${error instanceof Error ? error.name : show(error)}`;

/** Halves of characters, as they may stand in names, by their number: not every reader of JSON takes them. */
const text = (shown) => shown.replace(/[\ud800-\udfff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);

/** Everything that a program shows; `load` gives its module. */
export const answer = async (load) => {
	const seen = [];
	const observe = (read) => {
		try {
			seen.push(text(show(read())));
		} catch (error) {
			seen.push(thrown(error));
		}
	};
	try {
		const program = await load();
		program.run(observe);
	} catch (error) {
		seen.push(`load ${thrown(error)}`);
	}
	return seen;
};

const marked = [];

/** Called by a file when it is evaluated. */
export const mark = (name) => marked.push(name);

/** The files that were evaluated, in their order, of those whose name begins so. */
export const marks = (start) => marked.filter((name) => name.startsWith(start));
