// The files that `docker build` would send: those of the source tree, tracked or not, that .dockerignore lets through; one a line.

import { existsSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import dockerignore from "@balena/dockerignore";

const root = new URL("../../", import.meta.url);
const filter = dockerignore().add(readFileSync(new URL(".dockerignore", root), "utf8"));
const listed = execFileSync("git", ["ls-files", "--cached", "--others", "-z"], { cwd: fileURLToPath(root), maxBuffer: 1 << 28 });
const paths = listed.toString().split("\0").filter((path) => path !== "");
for (const path of filter.filter(paths)) {
  if (existsSync(new URL(path, root))) console.log(path);
}
