// Pages of another build in front of the program: `PAGES=<directory>` shows what `vite build --outDir` has just made, with the policy
// and the API of the program, which need not be built again for a change of a page.
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
};

export interface Pages {
  url: string;
  stop(): Promise<void>;
}

/** Serves them on a port of its own; what is no page goes on to the program. */
export async function servePages(directory: string, program: string): Promise<Pages> {
  if (!existsSync(join(directory, "index.html"))) throw new Error(`PAGES: ${directory} has no index.html`);
  const scripts = await policyOfScripts(program);
  const server = createServer((asked, answer) => {
    const path = decodeURIComponent(new URL(asked.url ?? "/", program).pathname);
    if (!/^\/admin(\/|$)/.test(path) || /^\/admin\/api(\/|$)/.test(path)) return pass(program, asked, answer);
    if (path.startsWith("/admin/assets/")) return file(directory, path.slice("/admin/".length), scripts, asked, answer);
    void page(directory, program, answer);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Hands a request on to the program, and its answer back. */
export function pass(program: string, asked: IncomingMessage, answer: ServerResponse): void {
  const onward = request(
    new URL(asked.url ?? "/", program),
    { method: asked.method ?? "GET", headers: asked.headers },
    (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
    },
  );
  onward.on("error", () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
  answer.on("close", () => onward.destroy());
  asked.pipe(onward);
}

/** The policy that the program gives its own scripts. */
async function policyOfScripts(program: string): Promise<string> {
  const [script] = /\/admin\/assets\/[^"]+\.js/.exec(await (await fetch(`${program}/admin/`)).text()) ?? [];
  if (!script) throw new Error("PAGES: the program was built without pages, so it has no policy for them");
  return (await fetch(program + script)).headers.get("content-security-policy") ?? "";
}

function file(directory: string, path: string, policy: string, asked: IncomingMessage, answer: ServerResponse): void {
  const found = join(directory, normalize(path));
  const type = TYPES[extname(found)] ?? "application/octet-stream";
  const headers = {
    "content-type": type,
    "cache-control": "public, max-age=31536000, immutable",
    ...(type.startsWith("text/javascript") ? { "content-security-policy": policy } : {}),
  };
  const accepted = asked.headers["accept-encoding"] ?? "";
  for (const [name, ending] of [
    ["br", ".br"],
    ["gzip", ".gz"],
  ] as const) {
    if (!accepted.includes(name) || !existsSync(found + ending)) continue;
    answer.writeHead(200, { ...headers, "content-encoding": name }).end(readFileSync(found + ending));
    return;
  }
  if (!existsSync(found)) answer.writeHead(404).end();
  else answer.writeHead(200, headers).end(readFileSync(found));
}

/** With the headers that the program gives its own page, and the nonce of its policy. */
async function page(directory: string, program: string, answer: ServerResponse): Promise<void> {
  const own = await fetch(`${program}/admin/`);
  const policy = own.headers.get("content-security-policy") ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  if (!nonce) {
    answer.writeHead(500).end("PAGES: the program was built without pages, so it has no policy for them");
    return;
  }
  const text = readFileSync(join(directory, "index.html"), "utf8").replaceAll("__NONCE__", nonce);
  answer
    .writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": policy,
    })
    .end(text);
}
