// The office's tables: figures that lead to what they count, statements, one page for the leader, the authority's blank.
import { test, both, ok, equal, text, home, fill, send, step, state, fits, accessible } from "./lib.mjs";

/* Each variant of a test has a year of its own, long over. */
const year = (t) => 2021 + ["phonezh", "phoneen", "widezh", "wideen"].indexOf(t.window + t.lang);
const number = (s) => Number(s.replace(/[^\d]/g, ""));

async function sound(p, where) {
  equal((await fits(p)).join("; "), "", `${where}:`);
  equal((await accessible(p)).join("; "), "", `${where}:`);
}

test("the office sees figures, and each leads to the hazards it counts", both, async (t) => {
  const p = await t.as("office");
  await p.goto(`${home}/figures?quarter=year`);
  await sound(p, "figures");
  equal(await p.locator("table.grid").count(), 3, "year, figures, schools:");
  const sums = await p.locator("table.grid").first().locator("tr.sum td").allInnerTexts();
  const [before, found, done, open] = sums.map(number);
  equal(before + found, done + open, "carried over and found are rectified or open:");
  const link = p.locator("table.grid").first().locator("tr.sum td a").last();
  equal(number(await link.innerText()), open);
  await link.click();
  await p.waitForLoadState();
  await sound(p, "what counts");
  equal(await p.locator("main ul.items li").count(), Math.min(open, 100), "hazards behind the number:");
  const teacher = await t.as("teacher");
  const answer = await teacher.goto(`${home}/figures`);
  equal(answer.status(), 403, "a teacher sees no figures of the office:");
});

test("the office's statement is signed as seen, and corrected only by another", both, async (t) => {
  const manager = await t.as("manager");
  const principal = await t.as("principal");
  const draft = async (reason) => {
    await manager.goto(`${home}/statistic/new`);
    await sound(manager, "draft");
    const form = manager.locator("main form.form");
    await fill(form, { year: year(t), quarter: "q4", ...(reason ? { reason } : {}) });
    await send(manager, form);
    ok(/\/statistic\/\d+/.test(manager.url()), await text(manager, "main"));
    return new URL(manager.url()).pathname;
  };
  const first = await draft();
  await sound(manager, "a draft");
  await step(principal, first, "sign");
  equal(await state(principal), "signed");
  ok((await principal.locator("table.grid").count()) > 0, "the figures stand on the page");
  const pdf = await principal.request.get(`${first}/paper`);
  equal(pdf.headers()["content-type"], "application/pdf");
  ok((await pdf.body()).subarray(0, 5).toString() === "%PDF-", "no PDF");
  const second = await draft("漏报一项");
  await step(principal, second, "sign");
  equal(await state(principal), "signed");
  await principal.goto(first);
  equal(await state(principal), "replaced");
  await sound(principal, "a replaced one");
});

test("the office cannot sign a quarter that is not over", { windows: ["phone"] }, async (t) => {
  const p = await t.as("principal");
  await p.goto(`${home}/statistic/new`);
  const form = p.locator("main form.form");
  await fill(form, { year: new Date(Date.now() + 8 * 3600e3).getFullYear(), quarter: "year" });
  await send(p, form);
  const at = new URL(p.url()).pathname;
  await step(p, at, "sign", {}, null);
  ok((await text(p, "main .error")).length > 0, "it was signed");
  await p.goto(at);
  equal(await state(p), "draft");
});

test("the office's page for the leader is one page", both, async (t) => {
  for (const who of ["office", "principal"]) {
    const p = await t.as(who);
    await p.goto(`${home}/figures`);
    const pdf = await p.request.get(`${home}/brief.pdf`);
    equal(pdf.status(), 200);
    const body = (await pdf.body()).toString("latin1");
    equal((body.match(/\/Type \/Page\b/g) ?? []).length, 1, "pages:");
  }
});
