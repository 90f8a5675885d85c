import { describe, expect, it } from "vitest";
import { add, differences, entryOf, pathProblem, remove, rename, write } from "./files.ts";

const files = [
  { path: "hooks/signup.ts", text: "1" },
  { path: "lib/mail.ts", text: "2" },
];

describe("files of a draft", () => {
  it("are added in order, renamed, written and deleted", () => {
    expect(add(files, "lib/a.ts").map((file) => file.path)).toEqual(["hooks/signup.ts", "lib/a.ts", "lib/mail.ts"]);
    expect(rename(files, "lib/mail.ts", "a.ts")).toEqual([{ path: "a.ts", text: "2" }, files[0]]);
    expect(write(files, "lib/mail.ts", "3")[1]).toEqual({ path: "lib/mail.ts", text: "3" });
    expect(remove(files, "lib/mail.ts")).toEqual([files[0]]);
  });

  it("have names that a build accepts", () => {
    expect(pathProblem(files, "lib/new.ts")).toBeUndefined();
    for (const path of ["", "/a.ts", "../a.ts", "a//b.ts", "lib/", "a b.ts", "node_modules/x/index.js", "a.md"]) {
      expect(pathProblem(files, path), path).toBeDefined();
    }
    expect(pathProblem(files, "LIB/mail.ts")).toBe("There is a file of this name.");
    expect(pathProblem(files, "lib/mail.ts", "lib/mail.ts")).toBeUndefined();
  });

  it("have one that is the hook", () => {
    expect(entryOf("signup", files, null)).toBe("hooks/signup.ts");
    expect(entryOf("other", files, null)).toBe("hooks/signup.ts");
    expect(entryOf("signup", files, "lib/mail.ts")).toBe("lib/mail.ts");
  });

  it("differ by path", () => {
    expect(differences(files, write(add(files, "x.ts", "n"), "lib/mail.ts", "3"))).toEqual([
      { path: "lib/mail.ts", before: "2", after: "3" },
      { path: "x.ts", before: null, after: "n" },
    ]);
  });
});
