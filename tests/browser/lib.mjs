// Tests as sentences, and the few things that they all do in a browser.
import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
export const base = process.env.ANLAN_URL;
export const code = await ownCode();
export const home = `/t/${code}`;
export const password = "anlan-example";
export const windows = {
  phone: { width: 360, height: 740 },
  wide: { width: 1280, height: 900 },
};
export const ledgers = new URL("../data/ledgers/ledgers/", import.meta.url).pathname;

const tests = [];
const ALL = { windows: ["phone", "wide"], langs: ["en"] };

/* test(sentence, { windows, langs }, async (t) => ...): once for each window and language. */
export function test(name, options, fn) {
  const o = { ...ALL, ...(fn ? options : {}) };
  for (const window of o.windows)
    for (const lang of o.langs) tests.push({ name, window, lang, seconds: o.seconds ?? 60, fn: fn ?? options });
}
export const both = { langs: ["en", "zh"] };
export const once = { windows: ["wide"] };

export function ok(truth, text) {
  if (!truth) throw new Error(text ?? "expected something else");
}
export function equal(is, should, text = "") {
  if (is !== should) throw new Error(`${text} expected ${JSON.stringify(should)}, got ${JSON.stringify(is)}`);
}

/* Who has signed in once keeps the cookies for every window. */
const cookies = new Map();

class Test {
  constructor(browser, test) {
    Object.assign(this, { browser, ...test, contexts: [], complaints: [] });
  }
  async context(options = {}) {
    const c = await this.browser.newContext({
      baseURL: base, viewport: windows[this.window], hasTouch: this.window === "phone",
      locale: this.lang === "zh" ? "zh-CN" : "en-GB", acceptDownloads: true, ...options,
    });
    c.setDefaultTimeout(6000);
    c.setDefaultNavigationTimeout(15000);
    this.contexts.push(c);
    c.on("page", (p) => {
      p.on("pageerror", (e) => this.complaints.push(`${p.url()}: ${e.message}`));
      p.on("console", (m) => {
        if (m.type() !== "error") return;
        if (m.text().startsWith("Failed to load resource") && m.location().url.split("#")[0] === p.url()) return;
        this.complaints.push(`${p.url()}: ${m.text()}`);
      });
    });
    return c;
  }
  /* A page of somebody who is signed in; null: of nobody. */
  async as(who, options = {}) {
    const c = await this.context(options);
    // asked once: another test may sign the same person in meanwhile
    const kept = who && !options.fresh ? cookies.get(who) : undefined;
    if (kept) await c.addCookies(kept);
    const p = await c.newPage();
    if (who && !kept) {
      const held = async () => (await c.cookies()).filter((k) => k.name !== "lang");
      for (let i = 0; i < 3 && !(await held()).some((k) => k.name === "anlan"); i++) await signIn(p, who);
      ok((await held()).some((k) => k.name === "anlan"), `${who} cannot sign in: ${await text(p, ".error")}`);
      cookies.set(who, await held());
    }
    return p;
  }
  async close() {
    for (const c of this.contexts) await c.close();
    if (this.complaints.length) throw new Error("the console says: " + [...new Set(this.complaints)].join("; "));
  }
}

export function forget(who) {
  cookies.delete(who);
}

export async function signIn(p, who, words = password) {
  await p.goto("/sign-in");
  await p.fill("#f-login", who);
  await p.fill("#f-password", words);
  await Promise.all([p.waitForNavigation(), p.click('form:has(#f-login) button[type="submit"]')]);
}

/* Fill the questions of a form; a question folded away is unfolded. */
export async function fill(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const q = form.locator(`[name="${name}"]`);
    const tag = await q.evaluate((x) => {
      const more = x.closest("details.more");
      if (more) more.open = true;
      return x.tagName + ":" + x.type;
    });
    if (tag === "INPUT:file") await q.setInputFiles(value);
    else if (tag === "SELECT:select-one") await q.selectOption(String(value));
    else if (tag === "INPUT:checkbox") await q.setChecked(Boolean(value));
    else await q.fill(String(value));
  }
}

export async function send(p, form) {
  await Promise.all([p.waitForNavigation(), form.locator('button[type="submit"]:not([name="fill"])').last().click()]);
}

/* Report a hazard by its form; the address of the record. */
export async function report(p, values, org) {
  await p.goto(`${home}/hazard/new${org ? `?org=${org}` : ""}`);
  const form = p.locator("form.form");
  await fill(form, { description: "灯坏了 " + unique(), place_text: "二楼", ...values });
  await send(p, form);
  ok(/\/hazard\/\d+/.test(p.url()), `not at a record: ${p.url()} ${await text(p, "main")}`);
  return new URL(p.url()).pathname;
}

export function stepForm(p, verb) {
  return p.locator(`details.step form[action$="/${verb}"]`);
}
export async function offers(p, verb) {
  return (await stepForm(p, verb).count()) > 0;
}
/* Take a step on the record's page, as somebody. */
export async function step(p, at, verb, values = {}, expect = "done=1") {
  if (at) await p.goto(at);
  const box = p.locator(`details.step:has(form[action$="/${verb}"])`);
  ok((await box.count()) > 0, `"${verb}" is not offered at ${p.url()}`);
  if ((await box.getAttribute("open")) === null) await box.locator("summary").first().click();
  const sign = box.locator('[name="sign_password"]');
  if (await sign.count()) await sign.fill(password);
  await fill(box, values);
  await send(p, box);
  if (expect) ok(p.url().includes(expect), `"${verb}" failed: ${await text(p, ".error")} ${p.url()}`);
}
export async function state(p) {
  return (await p.locator("main .state").first().getAttribute("class")).replace(/.*s-(\w+).*/, "$1");
}
export async function text(p, selector) {
  const l = p.locator(selector).first();
  return (await l.count()) ? (await l.innerText()).trim() : "";
}
let counter = 0;
export function unique() {
  return `T${Date.now().toString(36)}${(counter++).toString(36)}`;
}
export function day(ahead) {
  return new Date(Date.now() + 8 * 3600e3 + ahead * 86400e3).toISOString().slice(0, 10);
}

/* A drawn photograph: PNG of noise, so that it has a size. */
export function photo(name = "photo.png", w = 64, h = 48) {
  const crc = (b) => {
    let c, r = -1;
    for (const x of b) for (c = (r ^ x) & 255, r >>>= 8, c = table[c], r ^= c; false; );
    return (r ^ -1) >>> 0;
  };
  const chunk = (kind, data) => {
    const b = Buffer.concat([Buffer.from(kind), data]);
    const o = Buffer.alloc(b.length + 8);
    o.writeUInt32BE(data.length, 0);
    b.copy(o, 4);
    o.writeUInt32BE(crc(b), o.length - 4);
    return o;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(w, 0);
  head.writeUInt32BE(h, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const raw = Buffer.alloc(h * (3 * w + 1));
  for (let i = 0; i < raw.length; i++) raw[i] = i % (3 * w + 1) ? (i * 2654435761 + counter) >>> 13 & 255 : 0;
  const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(raw)), chunk("IEND", Buffer.alloc(0))]);
  return { name, mimeType: "image/png", buffer: png };
}
const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

/* No page scrolls sideways; what a thumb must hit is large enough. */
export async function fits(p) {
  const bad = await p.evaluate(() => {
    const out = [];
    const w = document.documentElement;
    if (w.scrollWidth > w.clientWidth) {
      const who = [...document.querySelectorAll("main *, header *")].find((x) => x.getBoundingClientRect().right > w.clientWidth + 1 && !x.closest(".scroll, .menu, .chart, .note"));
      out.push(`scrolls sideways: ${w.scrollWidth} > ${w.clientWidth} ${who ? who.outerHTML.slice(0, 90) : ""}`);
    }
    for (const x of document.querySelectorAll('button, a.button, input:not([type=hidden]), select, textarea, summary, .menu a, nav a, .alone, .foot a')) {
      const box = (x.type === "checkbox" || x.type === "radio") && x.closest("label") ? x.closest("label") : x;
      if (!box.checkVisibility({ checkVisibilityCSS: true })) continue;
      const r = box.getBoundingClientRect();
      if (r.height > 0 && (r.height < 47.5 || r.width < 47.5)) out.push(`${Math.round(r.width)}×${Math.round(r.height)} ${x.outerHTML.slice(0, 70)}`);
    }
    return [...new Set(out)];
  });
  return bad.slice(0, 4);
}

export async function accessible(p) {
  await p.evaluate(axe);
  const found = await p.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa"], resultTypes: ["violations"] }));
  return found.violations.map((v) => `${v.id}: ${v.nodes[0].target} ${v.nodes[0].failureSummary.split("\n")[1] ?? ""}`);
}

/* CSV (RFC 4180) into rows. */
export function csv(s) {
  const rows = [[]];
  let cell = "", quoted = false;
  for (let i = s.charCodeAt(0) === 0xfeff ? 1 : 0; i < s.length; i++) {
    const c = s[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (s[i + 1] === '"') cell += s[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "," || c === "\n") {
      rows.at(-1).push(cell.replace(/\r$/, ""));
      cell = "";
      if (c === "\n") rows.push([]);
    } else cell += c;
  }
  if (cell || rows.at(-1).length) rows.at(-1).push(cell);
  return rows.filter((r) => r.length);
}

/* Run one test; what went wrong, or null. */
async function tried(one) {
  let wrong = null, clock;
  try {
    await Promise.race([one.fn(one), new Promise((_, no) =>
      (clock = setTimeout(() => no(new Error(`took longer than ${one.seconds} s`)), one.seconds * 1e3)))]);
  } catch (e) {
    wrong = e;
  }
  clearTimeout(clock);
  try {
    await one.close();
  } catch (e) {
    wrong ??= e;
  }
  return wrong;
}

export async function run(words) {
  // the shell draws the same pages without a window, tabs and their helpers around them
  const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find((x) => x && existsSync(x));
  ok(executablePath, "no Chromium: install the package chromium-headless-shell");
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const began = Date.now();
  let passed = 0, failed = 0;
  const wanted = tests.filter((t) => !words || `${t.name} ${t.window} ${t.lang}`.includes(words));
  const left = [...wanted], again = [];
  const work = async () => {
    for (let t; (t = left.shift()); ) {
      const from = Date.now();
      const wrong = await tried(new Test(browser, t));
      if (wrong && again.push(t)) failed++;
      else passed++;
      console.log(`${wrong ? "FAILED" : "ok"}  ${t.name} (${t.window}, ${t.lang}, ${((Date.now() - from) / 1000).toFixed(1)} s)`);
      if (!wrong) continue;
      const where = (wrong.stack ?? "").split("\n").find((l) => /tests\/browser\/(?!lib|node_modules)/.test(l)) ?? "";
      console.log(`    ${wrong.message.split("\n").slice(0, 4).join("\n    ")}\n   ${where}`);
    }
  };
  await Promise.all([work(), work()]);
  // Two at a time share two cores with a browser and a server: what failed so
  // is tried once more alone, and that counts. It is said each time.
  for (const t of again.splice(0)) {
    const wrong = await tried(new Test(browser, t));
    console.log(`${wrong ? "FAILED again" : "ok alone"}  ${t.name} (${t.window}, ${t.lang})`);
    if (wrong) console.log(`    ${wrong.message.split("\n").slice(0, 4).join("\n    ")}`);
    else passed++, failed--;
  }
  await browser.close();
  console.log(`${passed} passed, ${failed} failed (${Math.round((Date.now() - began) / 1000)} s)`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

/* The code of the example district, as the server tells who signs in. */
async function ownCode() {
  const r = await fetch(process.env.ANLAN_URL + "/sign-in", { method: "POST", redirect: "manual", body: new URLSearchParams({ login: "office", password: "anlan-example" }) });
  const cookie = r.headers.getSetCookie().map((c) => c.split(";")[0]).join("; ");
  const start = await fetch(process.env.ANLAN_URL + "/", { redirect: "manual", headers: { cookie } });
  return start.headers.get("location").split("/").pop();
}
