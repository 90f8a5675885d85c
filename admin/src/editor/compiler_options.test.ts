import { describe, expect, it } from "vitest";
import { compilerOptions } from "./compiler_options.ts";
import { alpha, luminance } from "./theme_colours.ts";

describe("compiler options", () => {
  it("are numbers where a tsconfig.json has names", () => {
    const options = compilerOptions(
      { target: "ES2022", moduleResolution: "Bundler", module: "ESNext", strict: true },
      {},
    );
    expect(options).toMatchObject({ target: 9, moduleResolution: 100, module: 99, strict: true, noEmit: true });
  });

  it("take the newest edition for one that this TypeScript does not know", () => {
    expect(compilerOptions({ target: "ES2031", lib: ["ES2025", "ES2031"] }, {})).toMatchObject({
      target: 99,
      lib: ["lib.esnext.d.ts"],
    });
  });

  it("leave out what is about a disk, and say where packages are", () => {
    const paths = { "@aerocall/hooks": ["file:///types/1/index.d.ts"] };
    const options = compilerOptions({ paths: { x: ["./y"] }, baseUrl: ".", outDir: "dist" }, paths);
    expect(options.paths).toBe(paths);
    expect(options).not.toHaveProperty("baseUrl");
    expect(options).not.toHaveProperty("outDir");
  });
});

describe("colours of the editor", () => {
  it("have an opacity as two more digits", () => {
    expect(alpha("#0b6b5d", 0.2)).toBe("#0b6b5d33");
    expect(alpha("#0b6b5d", 0)).toBe("#0b6b5d00");
  });

  it("are dark or light", () => {
    expect(luminance("#121311")).toBeLessThan(0.1);
    expect(luminance("#fbfbfa")).toBeGreaterThan(0.9);
  });
});
