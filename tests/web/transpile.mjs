// Translates the TypeScript files of a folder with TypeScript's own compiler, runs each program in Node.js and prints what
// it shows: `node transpile.mjs <folder> <compiler options as JSON> <program> …`. The compiler of hooks is measured by it:
// sdk-js/compiler/tests/transform.rs.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";

const [folder, settings, ...programs] = process.argv.slice(2);
const { options, errors } = ts.convertCompilerOptionsFromJson(
	{ target: "ES2022", module: "ESNext", ...JSON.parse(settings) },
	folder,
);
if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors, ts.createCompilerHost(options)));

/** An import of a file beside this one, by the name under which Node.js finds it. */
const named = (text) => text.replace(/(from|import|import\() ?(["'])(\.\/[^"']+)["']/g, '$1 "$3.mjs"');

for (const file of readdirSync(folder)) {
	const text = readFileSync(join(folder, file), "utf8");
	const output = (name, code) => writeFileSync(join(folder, `${name}.mjs`), code);
	if (file.endsWith(".ts")) {
		const { outputText, diagnostics } = ts.transpileModule(text, {
			compilerOptions: options,
			fileName: file,
			reportDiagnostics: true,
		});
		// Programs that are not TypeScript would prove nothing.
		const wrong = diagnostics.filter(({ code }) => code < 2000);
		if (wrong.length > 0) {
			throw new Error(`${file}: ${wrong.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ")).join("; ")}\n${text}`);
		}
		output(file.slice(0, -3), named(outputText));
	} else if (file === "show.js") {
		output("show", text);
	} else if (file.endsWith(".json") && file !== "tsconfig.json") {
		output(file, `export default ${text};`);
	}
}

process.env.NODE_ENV = "production";
const { answer } = await import(pathToFileURL(join(folder, "show.mjs")).href);
const answers = {};
for (const program of programs) {
	answers[program] = await answer(() => import(pathToFileURL(join(folder, `${program}.mjs`)).href));
}
console.log(JSON.stringify(answers));
