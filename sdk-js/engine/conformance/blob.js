// Blob and File.
const err = async (f) => { try { const v = await f(); return v === undefined ? "ok" : v; } catch (e) { return e.name; } };
export const cases = {
  blob: async () => { const b = new Blob(["a", new Uint8Array([98]), new Uint8Array([99]).buffer, new Blob(["d"]), 5, "é"], { type: "Text/PLAIN" }); return [b.size, b.type, await b.text(), await b.slice(1, 3, "x/y").text(), b.slice(1, 3, "X/Y").type, await b.slice(-2).text(), await b.slice(2, -2).text(), await b.slice(5, 1).text(), new Uint8Array(await b.arrayBuffer())]; },
  blobTypes: () => ["", "a/b", "A/B; c=D", "é", "\n", null, undefined, 5].map((type) => new Blob([], { type }).type),
  blobBad: () => Promise.all([() => new Blob("x"), () => new Blob(5), () => new Blob(null), () => new Blob({}), () => new Blob([], 5), () => Blob(), () => new Blob([], { endings: "x" }), () => new Blob([Symbol()])].map(err)),
  blobEndings: async () => [await new Blob(["a\r\nb\rc\nd"], { endings: "native" }).text(), await new Blob(["a\r\nb"]).text()],
  blobStream: async () => { const out = []; for await (const c of new Blob(["abc"]).stream()) out.push(...c); return out; },
  blobEmpty: async () => { const out = []; for await (const c of new Blob([]).stream()) out.push(...c); return [out, new Blob().size, await new Blob().text()]; },
  file: async () => { const f = new File(["ab"], "x.txt", { type: "text/plain", lastModified: 5 }); return [f.name, f.lastModified, f.size, f.type, await f.text(), f.slice(0, 1) instanceof File, typeof new File([], "y").lastModified]; },
  fileBad: () => Promise.all([() => new File(), () => new File([]), () => new File([], 5).name, () => new File([], "a/b").name].map(err)),
  cloned: async () => { const b = structuredClone(new Blob(["ab"], { type: "x/y" })); return [b instanceof Blob, b.type, await b.text()]; },
  clonedInside: async () => { const b = new Blob(["a"]); const c = structuredClone({ b, again: [b] }); return [c.b instanceof Blob, c.b === c.again[0]]; },
};
