// The compiler options as TypeScript's language service wants them: the same as in a tsconfig.json, with numbers where that has
// names. Everything is said explicitly: the defaults differ between the TypeScript in the browser and the one on an author's disk.

/** Options as a tsconfig.json has them. */
export type NamedOptions = Readonly<Record<string, unknown>>;

const NUMBERS: Record<string, Record<string, number>> = {
  target: {
    es2015: 2,
    es2016: 3,
    es2017: 4,
    es2018: 5,
    es2019: 6,
    es2020: 7,
    es2021: 8,
    es2022: 9,
    es2023: 10,
    es2024: 11,
    esnext: 99,
  },
  module: { es2015: 5, es2020: 6, es2022: 7, esnext: 99, preserve: 200 },
  moduleResolution: { node10: 2, node16: 3, nodenext: 99, bundler: 100 },
  moduleDetection: { legacy: 1, auto: 2, force: 3 },
  jsx: { preserve: 1, react: 2, "react-native": 3, "react-jsx": 4, "react-jsxdev": 5 },
};

/** Options that say where things lie on a disk: there is none here. */
const OF_A_DISK = new Set([
  "paths",
  "baseUrl",
  "rootDir",
  "rootDirs",
  "outDir",
  "typeRoots",
  "incremental",
  "composite",
]);

/** What holds for hooks, unless the server says otherwise. */
const OF_HOOKS: NamedOptions = {
  target: "esnext",
  lib: ["esnext"],
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  allowJs: true,
  resolveJsonModule: true,
};

/** `paths`: where packages are, by name. */
export function compilerOptions(named: NamedOptions, paths: Record<string, string[]>): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries({ ...OF_HOOKS, ...named })) {
    if (OF_A_DISK.has(name)) continue;
    options[name] = name === "lib" ? libraries(value) : asNumber(name, value);
  }
  return { ...options, paths, noEmit: true, allowNonTsExtensions: true };
}

/** An edition that this TypeScript does not know is newer than it: what comes nearest is `esnext`. */
function asNumber(name: string, value: unknown): unknown {
  const numbers = NUMBERS[name];
  if (!numbers || typeof value !== "string") return value;
  return numbers[value.toLowerCase()] ?? numbers.esnext ?? numbers.bundler;
}

function libraries(value: unknown): string[] {
  const names = Array.isArray(value) ? value.map(String) : [];
  return [...new Set(names.map((name) => (isNewer(name) ? "lib.esnext.d.ts" : `lib.${name.toLowerCase()}.d.ts`)))];
}

function isNewer(name: string): boolean {
  const year = /^es(\d{4})$/i.exec(name)?.[1];
  return year !== undefined && Number(year) > 2024;
}
