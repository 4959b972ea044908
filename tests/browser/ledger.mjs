// Old ledgers are brought over as they are.
import { readFileSync, readdirSync } from "node:fs";
import { test, once, both, ok, equal, text, csv, home, ledgers, unique, report, fill, send, fits, accessible } from "./lib.mjs";

const start = `${home}/hazard/import`;

async function upload(p, name, buffer) {
  await p.goto(start);
  await p.setInputFiles('[name="file"]', { name, mimeType: "application/octet-stream", buffer });
  await Promise.all([p.waitForNavigation(), p.click('main form.form button[type="submit"]')]);
}
const total = async (p, what) => Number((await p.locator(`button[name="what"][value="${what}"]`).innerText()).match(/\((\d+)\)/)[1]);
async function bring(p) {
  await Promise.all([p.waitForNavigation(), p.click('button[name="what"][value="all"]')]);
  await p.waitForFunction(() => !document.querySelector("[data-reload]") && !document.querySelector('button[name="what"]'), null, { timeout: 30000 });
  return text(p, '[role="status"]');
}
/* The rows that the school has, by its own export. */
async function kept(p) {
  const r = await p.request.get(`${home}/hazard.csv`);
  return csv(await r.text()).length - 1;
}

test("an old CSV ledger is brought over: dry run, all rows, a second time nothing", { langs: ["zh"], windows: ["phone"] }, async (t) => {
  const p = await t.as("boardhead");
  const file = Buffer.concat([readFileSync(ledgers + "V02_english_ledger.csv"), Buffer.from("")]);
  const lines = file.toString().split("\n");
  const mark = unique();
  const own = Buffer.from(lines.map((l, i) => (i && l.trim() ? l.replace(/,/, `,${mark} `) : l)).join("\n"));
  await upload(p, `old ${mark}.csv`, own);
  const before = await kept(p), n = await total(p, "all");
  ok(n > 0, "no rows understood");
  equal(await kept(p), before, "the dry run saved something:");
  ok((await p.locator("table.data tbody tr").count()) === Math.min(n, 100));
  ok(/\d/.test(await bring(p)));
  equal(await kept(p), before + n, "rows brought over:");
  await upload(p, `old ${mark}.csv`, own);
  if (await p.locator('button[name="what"][value="all"]').count()) await bring(p);
  equal(await kept(p), before + n, "the same file again added rows:");
});

test("columns that were misunderstood are changed and read again", once, async (t) => {
  const p = await t.as("boarding");
  await upload(p, "own.csv", Buffer.from("No,Finding,Spot,Remark of the day\n1,Loose rail " + unique() + ",Hall,Old\n2,Wet floor,Gym,New\n"));
  const remark = p.locator('.form.row .field:has(label:text-matches("Remark", "i")) select');
  ok((await remark.count()) === 1, "the column is not offered");
  await remark.selectOption("measures");
  await Promise.all([p.waitForNavigation(), p.click('button[value="again"]')]);
  ok((await text(p, "table.data tbody")).includes("Old"), "the changed column is not read");
  equal(await remark.inputValue(), "measures");
});

test("a row of a school that nobody here knows is a doubt at its column", both, async (t) => {
  const p = await t.as("boarding");
  const lines = t.lang === "zh" ? "学校名称,存在问题,检查部位\n第九十九小学,扶手松动 " : "School,Hazard,Place\nNowhere School,Loose rail ";
  await upload(p, "strange.csv", Buffer.from(lines + unique() + ",Hall\n"));
  const doubts = await text(p, ".hintbox ul");
  ok(/not known here|不认识|没有这所学校/.test(doubts), doubts);
  ok(doubts.includes(t.lang === "zh" ? "学校名称" : "School"), `the column is not named: ${doubts}`);
  equal(await total(p, "all"), 1);
  equal(await total(p, "clean"), 0);
});

test("an XLSX ledger with title rows and Chinese headings is understood", async (t) => {
  const p = await t.as("boarding");
  const name = readdirSync(ledgers).find((f) => f.startsWith("Z1_"));
  await upload(p, name, readFileSync(ledgers + name));
  ok((await total(p, "all")) > 0);
  ok((await p.locator("table.data tbody tr").count()) > 0);
});

test("a ledger in GB18030 is read without broken characters", once, async (t) => {
  const p = await t.as("middle");
  const name = readdirSync(ledgers).find((f) => f.startsWith("D04_"));
  await upload(p, name, readFileSync(ledgers + name));
  const words = await text(p, "table.data tbody");
  ok(/[一-龥]{4}/.test(words) && !words.includes("\ufffd"), words.slice(0, 60));
});

for (const [what, name, bytes] of [
  ["a photograph called .xlsx", "photo.xlsx", () => Buffer.from("\x89PNG\r\n\x1a\n0000IHDR", "latin1")],
  ["an XLSX file cut in half", "half.xlsx", () => { const b = readFileSync(ledgers + readdirSync(ledgers).find((f) => f.startsWith("D01_"))); return b.subarray(0, b.length >> 1); }],
  ["an empty file", "empty.csv", () => Buffer.alloc(0)],
  ["a file of zeros", "zeros.csv", () => Buffer.alloc(4096)],
])
  test(`${what} gets a clear message`, { windows: ["phone"], langs: ["en", "zh"] }, async (t) => {
    const p = await t.as("middle");
    await upload(p, name, bytes());
    const said = await text(p, '.error, [role="alert"]');
    ok(said.length > 10, `no message: ${await text(p, "main")}`);
    ok(!(await p.locator('button[value="all"]').count()), "the broken file can be brought over");
    if (t.lang === "zh") ok(/[一-龥]{3}/.test(said), `not in Chinese: ${said}`);
  });

test("names in free words are shown before a person is erased, and taken out", both, async (t) => {
  const child = "阿" + unique();
  const m = await t.as("manager");
  const at = await report(m, { description: `${child} 摔倒处`, place_text: "操场" });
  const p = await t.as("office");
  await p.goto(`${home}/person?q=${encodeURIComponent("张")}`);
  await p.locator(".list tbody th a").first().click();
  await p.waitForURL(/person\/\d+/);
  const who = new URL(p.url()).pathname;
  await p.goto(`${who}/words?q=${encodeURIComponent(child)}`);
  equal((await fits(p)).join("; "), "", "the names:");
  equal((await accessible(p)).join("; "), "", "the names:");
  equal(await p.locator(".mention").count(), 1, "records:");
  await p.locator(".mention summary").click();
  await fill(p.locator(".mention form"), { comment: "家长要求" });
  await send(p, p.locator(".mention form"));
  equal(await p.locator(".mention").count(), 0, "after taking it out, records:");
  await m.goto(at);
  ok(!(await text(m, "main")).includes(child), "the name still stands there");
});
