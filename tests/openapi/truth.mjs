// What really comes is what the description says: every address that reads, of every ledger, with records of each.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";

const doc = JSON.parse(readFileSync(process.argv[2], "utf8"));
const ajv = new Ajv({ strict: false, allErrors: false });
formats(ajv);
ajv.addSchema({ $id: "doc", ...doc });
let asked = 0, failed = 0;

function pointer(...words) {
  return "doc#/" + words.map((w) => encodeURIComponent(w.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
}

async function ask(path, real, status = 200) {
  const a = await fetch(process.env.ANLAN_URL + real, { headers: { Authorization: `Bearer ${process.env.ANLAN_TOKEN}` } });
  const responses = doc.paths[path].get.responses, told = responses[a.status];
  const fail = (text) => { failed++; console.error(`FAILED: ${real}: ${text}`); };
  asked++;
  if (a.status !== status) fail(`${a.status}, not ${status}`);
  if (!told) return fail(`${a.status} is not described`), null;
  const type = a.headers.get("Content-Type").split(";")[0];
  const at = told.$ref ? ["components", "responses", told.$ref.split("/").pop()] : ["paths", path, "get", "responses", String(a.status)];
  const content = at.reduce((node, word) => node[word], doc).content;
  for (const head of Object.keys(at.reduce((node, word) => node[word], doc).headers ?? {}))
    if (head !== "Link" && !a.headers.get(head)) fail(`without ${head}`);
  if (!type.includes("json")) return fail.length, await a.arrayBuffer(), null;
  if (!content[type]) return fail(`${type} is not described`), null;
  const body = await a.json();
  const valid = ajv.getSchema(pointer(...at, "content", type, "schema")) ?? ajv.compile({ $ref: pointer(...at, "content", type, "schema") });
  if (!valid(body)) fail(JSON.stringify(valid.errors[0]) + " " + JSON.stringify(body).slice(0, 200));
  return body;
}

const me = await ask("/api/v1/me", "/api/v1/me");
const base = "/api/v1/{tenant}/";
await ask("/api/v1/openapi.json", "/api/v1/openapi.json");
await ask(base + "figures", `/api/v1/${me.tenant}/figures`);
await ask(base + "figures", `/api/v1/${me.tenant}/figures?year=2026&quarter=year`);
await ask(base + "overview", `/api/v1/${me.tenant}/overview`);
await ask(base + "events", `/api/v1/${me.tenant}/events`);
await ask(base + "events", `/api/v1/${me.tenant}/events?after=latest&ledger=hazard`);
await ask(base + "events", `/api/v1/${me.tenant}/events?after=x`, 422);
const ledgers = Object.keys(doc.paths).filter((p) => p.split("/").length === 5 && doc.paths[p].get?.operationId.startsWith("list_"));
if (ledgers.length < 15) throw new Error("few ledgers");
for (const path of ledgers) {
  const ledger = path.split("/")[4], real = path.replace("{tenant}", me.tenant);
  const list = await ask(path, real + "?limit=5");
  await ask(path, real + "?limit=500", 422);
  await ask(path, real + "?limit=20&whole=1");
  for (const row of list?.items ?? []) {
    await ask(`${base}${ledger}/{id}`, `${real}/${row.id}`);
    await ask(`${base}${ledger}/{id}/history`, `${real}/${row.id}/history`);
    await ask(`${base}${ledger}/{id}/proof`, `${real}/${row.id}/proof`);
  }
  await ask(`${base}${ledger}/{id}`, `${real}/1`, 404);
}
if (failed) process.exit(1);
console.log(`${asked} answers are as described`);
