// A language model of tests: a server on loopback that speaks both real streaming protocols, chat completions (POST …/chat/completions)
// and Anthropic's messages (POST …/v1/messages), and answers what a script says. No packages.
//
//   node tests/ai/scripted.mjs [port]        the port stands on the first line
//
// The name of the model chooses the script: a file of tests/ai/scripts, or one that was sent with PUT /scripts/<name>. A script is a
// list of steps, one for each request; the last one is repeated. PUT begins a script anew. The model `solutions` answers each task of
// tests/ai/tasks with its reference solution; `solutions-later` writes something that cannot be built first.
//
// A step has a `text` that is answered, and optionally
//   reasoning   what the model thinks, beside the answer as the protocol has it
//   pieces      bytes of one write, so that characters and lines are cut in the middle (default: the text in words)
//   usage       { input, output } tokens, or null to say nothing
//   ending      stop, length, refusal, filter, error (an event that says so), cut (the connection ends in the middle), hang (nothing
//               more comes), endless (text without end), malformed (an event that is no JSON), html (no stream of events at all)
//   status      an HTTP status instead of a stream, with `headers` and `body`
//
// GET /requests: what was asked so far (path, headers, body), oldest first. DELETE /requests forgets it.
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";

const here = new URL(".", import.meta.url);
const MAX_REQUESTS = 500;
const MAX_BODY_BYTES = 16 << 20;

/** Scripts that were sent, and how far each is. */
const sent = new Map();
const places = new Map();
let requests = [];

const server = createServer(async (request, response) => {
  try {
    await answer(request, response);
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: `scripted: ${error.message}` } }));
  }
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));

async function answer(request, response) {
  const path = new URL(request.url, "http://scripted").pathname;
  const body = await read(request);
  if (request.method === "GET" && path === "/requests") return json(response, 200, requests);
  if (request.method === "DELETE" && path === "/requests") {
    requests = [];
    return json(response, 200, {});
  }
  const name = /^\/scripts\/([a-z0-9-]+)$/.exec(path)?.[1];
  if (request.method === "PUT" && name !== undefined) {
    sent.set(name, JSON.parse(body));
    places.delete(name);
    return json(response, 200, {});
  }
  const protocol = path.endsWith("/chat/completions") ? openai : path.endsWith("/v1/messages") ? anthropic : undefined;
  if (request.method !== "POST" || protocol === undefined) return json(response, 404, { error: { message: `no ${path}` } });
  const asked = JSON.parse(body);
  requests.push({ path, headers: request.headers, body: asked });
  requests = requests.slice(-MAX_REQUESTS);
  const problem = protocol.problem(asked);
  if (problem !== undefined) return json(response, 400, { error: { message: problem } });
  await play(response, protocol, asked, step(asked));
}

async function read(request) {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) {
    body += piece;
    if (body.length > MAX_BODY_BYTES) throw new Error("the body is too large");
  }
  return body;
}

function json(response, status, document, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(document));
}

/** The step of the script whose turn it is. */
function step(asked) {
  const place = places.get(asked.model) ?? 0;
  if (asked.model.startsWith("solutions")) return solution(asked, place);
  const steps = sent.get(asked.model) ?? JSON.parse(readFileSync(new URL(`scripts/${asked.model}.json`, here), "utf8"));
  places.set(asked.model, place + 1);
  return steps[Math.min(place, steps.length - 1)];
}

/** The reference solution of the task that was asked for. */
function solution(asked) {
  const said = asked.messages.map((message) => text(message.content)).join("\n");
  const files = readdirSync(new URL("tasks/", here)).filter((file) => file.endsWith(".json"));
  const tasks = files.map((file) => JSON.parse(readFileSync(new URL(`tasks/${file}`, here), "utf8")));
  const found = tasks.filter((task) => said.includes(task.description));
  // One description can be the beginning of another.
  const task = found.sort((a, b) => b.description.length - a.description.length)[0];
  if (task === undefined) return { text: "I know no such task." };
  const isFirst = !asked.messages.some((message) => message.role === "assistant");
  const code =
    asked.model === "solutions-later" && isFirst
      ? "export const broken = ;\n"
      : readFileSync(new URL(`solutions/${task.name}.ts`, here), "utf8");
  return { text: `It does what was asked for.\n\n\`\`\`\`ts path=hooks/${task.hook}.ts\n${code}\`\`\`\`\n` };
}

function text(content) {
  return typeof content === "string" ? content : content.map((block) => block.text ?? "").join("");
}

async function play(response, protocol, asked, script) {
  if (script.status !== undefined) {
    response.writeHead(script.status, { "content-type": "application/json", ...script.headers });
    return response.end(typeof script.body === "string" ? script.body : JSON.stringify(script.body ?? {}));
  }
  if (script.ending === "html") {
    response.writeHead(200, { "content-type": "text/html" });
    return response.end("<html>Welcome to the router</html>");
  }
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  response.socket.setNoDelay(true);
  const usage = script.usage === undefined ? counted(asked, script) : script.usage;
  const events = [...protocol.begin(asked.model, usage)];
  if (script.reasoning) events.push(protocol.reasoning(script.reasoning));
  for (const word of (script.text ?? "").match(/\s*\S+\s*/gu) ?? []) events.push(protocol.text(word));
  await write(response, events.join(""), script.pieces);
  switch (script.ending ?? "stop") {
    case "cut":
      return response.socket.destroy();
    case "hang":
      return undefined;
    case "endless":
      return endless(response, protocol);
    case "malformed":
      return response.end("data: {\"choices\": [oops\n\n");
    case "error":
      return response.end(protocol.error("overloaded_error", "the model is overloaded"));
    default:
      await write(response, protocol.end(script.ending ?? "stop", usage), script.pieces);
      return response.end();
  }
}

/** In pieces of so many bytes, each a write of its own. */
async function write(response, text, pieces) {
  const bytes = Buffer.from(text, "utf8");
  const size = pieces ?? (bytes.length || 1);
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    response.write(bytes.subarray(at, at + size));
    if (pieces !== undefined) await new Promise(setImmediate);
  }
}

function endless(response, protocol) {
  const more = () => {
    while (!response.destroyed && response.write(protocol.text("and on ".repeat(200)))) {}
    if (!response.destroyed) response.once("drain", more);
  };
  more();
}

function counted(asked, script) {
  const sent = asked.messages.map((message) => text(message.content)).join("") + (asked.system ?? "");
  return { input: Math.ceil(sent.length / 4), output: Math.ceil((script.text ?? "").length / 4) };
}

const event = (name, data) => `${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;

const openai = {
  problem(asked) {
    if (asked.stream !== true) return "stream must be true";
    if (asked.messages?.[0]?.role !== "system") return "the first message must be of the role system";
    return alternates(asked.messages.slice(1));
  },
  begin: (model) => [event(undefined, { id: "c1", object: "chat.completion.chunk", model, choices: [choice({ role: "assistant", content: "" })] })],
  reasoning: (text) => event(undefined, { choices: [choice({ reasoning_content: text })] }),
  text: (text) => event(undefined, { choices: [choice({ content: text })] }),
  error: (type, message) => event(undefined, { error: { type, message } }),
  end(ending, usage) {
    if (ending === "refusal") return event(undefined, { choices: [choice({ refusal: "I cannot help with that." })] });
    const reason = { stop: "stop", length: "length", filter: "content_filter" }[ending];
    const last = event(undefined, { choices: [{ index: 0, delta: {}, finish_reason: reason }] });
    const counts = usage && event(undefined, { choices: [], usage: { prompt_tokens: usage.input, completion_tokens: usage.output } });
    return `${last}${counts ?? ""}data: [DONE]\n\n`;
  },
};

const choice = (delta) => ({ index: 0, delta, finish_reason: null });

const anthropic = {
  problem(asked) {
    if (asked.stream !== true) return "stream must be true";
    if (!Number.isInteger(asked.max_tokens)) return "max_tokens is required";
    return alternates(asked.messages);
  },
  begin: (model, usage) => [
    event("message_start", {
      type: "message_start",
      message: { id: "m1", type: "message", role: "assistant", model, content: [], usage: { input_tokens: usage?.input ?? 0, output_tokens: 1 } },
    }),
    event("ping", { type: "ping" }),
    event("content_block_start", { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
  ],
  reasoning: (thinking) => event("content_block_delta", { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking } }),
  text: (text) => event("content_block_delta", { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
  error: (type, message) => event("error", { type: "error", error: { type, message } }),
  end(ending, usage) {
    const reason = { stop: "end_turn", length: "max_tokens", refusal: "refusal", filter: "refusal" }[ending];
    return (
      event("content_block_stop", { type: "content_block_stop", index: 0 }) +
      event("message_delta", { type: "message_delta", delta: { stop_reason: reason }, usage: { output_tokens: usage?.output ?? 0 } }) +
      event("message_stop", { type: "message_stop" })
    );
  },
};

/** What chat templates of many models refuse. */
function alternates(messages) {
  const isWrong = messages.some((message, index) => message.role !== (index % 2 === 0 ? "user" : "assistant"));
  return isWrong ? "messages must alternate, beginning with the role user" : undefined;
}
