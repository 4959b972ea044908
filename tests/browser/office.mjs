// The office's tables: figures that lead to what they count, statements, one page for the leader, the authority's blank.
import { test, both, ok, equal, text, home, unique, fill, send, step, state, fits, accessible, report } from "./lib.mjs";

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
  equal(await p.locator(".clock").count(), 2, "the quarter and the year that are over:");
  equal(await p.locator(".clock.late").count(), 0, "late with what was due before the district was here:");
  ok(/(\d+ of \d+ have signed|\d+／\d+ 已签出|signed by all|均已签出)/.test(await text(p, ".clock")), await text(p, ".clock"));
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

test("figures are read on a telephone without scrolling sideways", { windows: ["phone"], langs: ["en", "zh"] }, async (t) => {
  const p = await t.as("office");
  for (const at of ["figures?quarter=year", "compliance"]) {
    await p.goto(`${home}/${at}`);
    const wide = await p.evaluate(() => [...document.querySelectorAll(".scroll")].filter((x) => x.scrollWidth > x.clientWidth).length);
    equal(wide, 0, `${at}: tables that scroll sideways:`);
    ok(await p.locator("table.grid td").first().evaluate((x) => getComputedStyle(x, "::before").content.length > 4), `${at}: a number without its name`);
  }
});

test("a place without a space in its name widens neither a list nor what a figure counts", { langs: ["en"] }, async (t) => {
  const p = await t.as("manager");
  await report(p, { place_text: "B".repeat(120), description: "a".repeat(180) });
  await p.goto(`${home}/figures/found?year=${new Date().getFullYear()}&quarter=year`);
  ok((await text(p, "main")).includes("BBBB"), "it is not there");
  await sound(p, "what a figure counts");
  await p.goto(`${home}/hazard`);
  if (t.window === "phone") equal(await p.locator(".scroll").evaluateAll((all) => all.filter((x) => x.scrollWidth > x.clientWidth).length), 0, "a list scrolls sideways:");
});

test("days and numbers in a list stand on one line", both, async (t) => {
  const p = await t.as("office");
  for (const at of ["hazard", "campaign", "statistic"]) {
    await p.goto(`${home}/${at}`);
    const broken = await p.evaluate(() => [...document.querySelectorAll(".list .tight, .list .no, .list td.due")].filter((x) => {
      const r = document.createRange();
      r.selectNodeContents(x);
      return new Set([...r.getClientRects()].map((b) => Math.round(b.top))).size > 1;
    }).map((x) => x.textContent));
    equal(broken.join("; "), "", `${at}: on two lines:`);
  }
  await p.goto(`${home}/hazard`);
  ok((await p.locator(".list .tight:not(:empty)").count()) > 0, "no day was looked at");
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

/* A ZIP of stored parts. */
function zip(parts) {
  const files = [], heads = [];
  let at = 0;
  for (const [name, words] of Object.entries(parts)) {
    const n = Buffer.from(name), data = Buffer.from(words), head = Buffer.alloc(30), entry = Buffer.alloc(46);
    const sum = crc32(data) >>> 0;
    head.writeUInt32LE(0x04034b50, 0); head.writeUInt16LE(20, 4); head.writeUInt32LE(sum, 14);
    head.writeUInt32LE(data.length, 18); head.writeUInt32LE(data.length, 22); head.writeUInt16LE(n.length, 26);
    entry.writeUInt32LE(0x02014b50, 0); entry.writeUInt16LE(20, 4); entry.writeUInt16LE(20, 6); entry.writeUInt32LE(sum, 16);
    entry.writeUInt32LE(data.length, 20); entry.writeUInt32LE(data.length, 24); entry.writeUInt16LE(n.length, 28); entry.writeUInt32LE(at, 42);
    files.push(head, n, data);
    heads.push(entry, n);
    at += head.length + n.length + data.length;
  }
  const dir = Buffer.concat(heads), end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0); end.writeUInt16LE(heads.length / 2, 8); end.writeUInt16LE(heads.length / 2, 10);
  end.writeUInt32LE(dir.length, 12); end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, dir, end]);
}
function crc32(b) {
  let c, r = -1;
  for (const x of b) for (c = (r ^ x) & 255, r >>>= 8, c = table[c], r ^= c; false; );
  return r ^ -1;
}
const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
function blank(lines, more = {}) {
  const t = (ref, words) => `<c r="${ref}" t="inlineStr"><is><t>${words}</t></is></c>`;
  const heads = ["学校", "一般隐患排查数", "一般隐患整改数", "整改率", "重大隐患排查数", "挂牌督办"];
  const rows = [`<row r="1">${t("A1", "填报单位")}<c r="B1"/></row>`, `<row r="2">${heads.map((h, i) => t("ABCDEF"[i] + 2, h)).join("")}</row>`];
  for (let i = 3; i < 3 + lines; i++) rows.push(`<row r="${i}"><c r="A${i}"/></row>`);
  rows.push(`<row r="${3 + lines}">${t(`A${3 + lines}`, "合计")}<c r="B${3 + lines}"><f>SUM(B3:B${2 + lines})</f></c></row>`);
  return workbook([["x", "visible", rows.join("")]], more);
}
/* Sheets as [name, state, rows]. */
function workbook(sheets, more = {}) {
  const parts = {
    "xl/workbook.xml": `<workbook xmlns:r="urn:r"><sheets>${sheets.map(([n, st], i) => `<sheet name="${n}" sheetId="${i + 1}" state="${st}" r:id="r${i + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${sheets.map((_, i) => `<Relationship Id="r${i + 1}" Type="x/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join("")}</Relationships>`,
  };
  sheets.forEach(([, , rows], i) => (parts[`xl/worksheets/sheet${i + 1}.xml`] = `<worksheet><sheetData>${rows}</sheetData></worksheet>`));
  return { name: "空白表.xlsx", mimeType: "application/octet-stream", buffer: zip({ ...parts, ...more }) };
}

async function add(p, file) {
  await p.goto(`${home}/blank/new`);
  await sound(p, "a new blank");
  const form = p.locator("main form.form");
  await fill(form, { title: `季报 ${unique()}`, file });
  await send(p, form);
  ok(/\/blank\/\d+/.test(p.url()), await text(p, "main"));
  return new URL(p.url()).pathname;
}

test("the office's blank of several sheets is mapped sheet by sheet", both, async (t) => {
  const p = await t.as("office");
  const t1 = (ref, words) => `<c r="${ref}" t="inlineStr"><is><t>${words}</t></is></c>`;
  const heads = ["一般隐患排查数", "一般隐患整改数", "整改率"];
  const at = await add(p, workbook([
    ["代码", "hidden", `<row r="1">${t1("A1", "填报单位")}<c r="B1"/></row>`],
    ["一般隐患", "visible", `<row r="1">${heads.map((h, i) => t1("ABC"[i] + 1, h)).join("")}</row>`],
    ["重大隐患", "visible", `<row r="1">${t1("A1", "重大隐患排查数")}<c r="B1"/></row>`]]));
  await p.goto(`${at}/map`);
  await sound(p, "the map of the first that shows");
  equal(await p.locator(".tabs a").count(), 3, "sheets:");
  equal(await p.locator(".tabs a[aria-current]").innerText().then((s) => s.split(" ")[0]), "一般隐患");
  await p.locator(".tabs a").last().click();
  await p.waitForLoadState();
  await sound(p, "the map of another sheet");
  equal(await p.inputValue('select[name="c0"]'), "found_m", "the label was not understood:");
  const before = await text(p, ".tabs a >> nth=2");
  await send(p, p.locator("main form.card"));
  ok(p.url().includes("sheet=3"), p.url());
  ok((await text(p, ".tabs a >> nth=2")) !== before, "the tab does not say that it is filled now");
  equal(await p.inputValue('select[name="c0"]'), "found_m", "the choice is not remembered:");
  const full = await p.request.get(`${at}/filled.xlsx?quarter=year`);
  equal(full.status(), 200);
});

test("the office is led from its blank to what its cells mean and to the quarter that is over", both, async (t) => {
  const p = await t.as("office");
  const at = await add(p, blank(9));
  const ways = await p.locator(".ways a").evaluateAll((a) => a.map((x) => x.getAttribute("href")));
  equal(ways[0], `${at}/map`);
  ok(ways.every((x) => x === `${at}/map`), `what nobody has looked at is offered filled: ${ways}`);
  await p.goto(`${at}/map`);
  const widths = await p.locator("main form.card select").evaluateAll((all) => all.map((x) => x.getBoundingClientRect().width));
  if (t.window === "wide") ok(Math.min(...widths) >= 280, `narrow: ${widths}`);
  await send(p, p.locator("main form.card"));
  await p.goto(at);
  ways.splice(0, ways.length, ...await p.locator(".ways a").evaluateAll((a) => a.map((x) => x.getAttribute("href"))));
  const now = new Date(Date.now() + 8 * 3600e3), quarter = Math.floor(now.getUTCMonth() / 3);
  const over = quarter ? `year=${now.getUTCFullYear()}&quarter=q${quarter}` : `year=${now.getUTCFullYear() - 1}&quarter=q4`;
  ok(ways[1].startsWith(`${at}/filled?${over}`), ways[1]);
  equal(ways.length, 5);
  await p.goto(`${at}/filled?quarter=year`);
  await sound(p, "what goes into a blank");
  ok((await p.locator('.tools a[href*="/filled?"]').count()) >= 5, "a button for each quarter and the year");
  const figure = p.locator('main td a[href*="/figures/"]').first();
  const says = Number(await figure.innerText());
  await figure.click();
  equal((await p.locator("ul.items > li").count()) >= Math.min(says, 1), true, "the figure leads to what it counts");
  await p.goto(`${at}/filled?quarter=year`);
  equal((await p.request.get(await p.locator('.tools a[href*="filled.xlsx"]').getAttribute("href"))).status(), 200);
  const reader = await t.as("auditor");
  await reader.goto(`${at}/map`);
  equal(await reader.locator("main form.card button").count(), 0, "a reader is offered to save:");
  await sound(p, "a blank's record");
});

test("the office's file that cannot be filled is refused when it is sent in", { langs: ["en", "zh"], windows: ["wide"] }, async (t) => {
  const p = await t.as("office");
  await p.goto(`${home}/blank/new`);
  const file = p.locator('input[name="file"]');
  equal(await file.getAttribute("accept"), ".xlsx");
  equal(await file.getAttribute("multiple"), null, "one is asked for:");
  const good = blank(3), png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");
  for (const [name, buffer] of [["宏.xlsm", blank(3, { "xl/vbaProject.bin": "x" }).buffer], ["半.xlsx", good.buffer.subarray(0, good.buffer.length - 300)],
    ["空.xlsx", workbook([["x", "visible", ""]]).buffer], ["照片.png", png]]) {
    await p.goto(`${home}/blank/new`);
    const form = p.locator("main form.form");
    await fill(form, { title: "季报", file: { name, mimeType: "application/octet-stream", buffer } });
    await send(p, form);
    const said = (await p.locator(".error").allInnerTexts()).join(" ");
    ok(said.includes(name), `${name}: ${p.url()} ${said}`);
    equal(await p.inputValue('main form.form input[name="title"]'), "季报", "the other words:");
  }
});

test("a label that holds its own room fills no cell beside the table", { langs: ["zh"], windows: ["wide"] }, async (t) => {
  const p = await t.as("office");
  const t1 = (ref, words) => `<c r="${ref}" t="inlineStr"><is><t>${words}</t></is></c>`;
  const at = await add(p, workbook([["x", "visible", `<row r="1">${t1("A1", "填报日期：  年  月  日")}<c r="B1"/><c r="C1"/></row>` +
    `<row r="2">${t1("A2", "填报单位")}<c r="B2"/></row>` +
    `<row r="4">${t1("A4", "一般隐患排查数")}<c r="B4"/></row>`]]));
  await p.goto(`${at}/map`);
  const labels = (await p.locator("main form.card label").allInnerTexts()).join(" ");
  ok(labels.includes("B2") && labels.includes("B4") && !labels.includes("日期"), labels);
});

test("the office's old workbook is refused in words that help", both, async (t) => {
  const p = await t.as("office");
  for (const [name, bytes] of [["老表.xls", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]], ["老表.xlsx", [104, 101, 108, 108, 111]]]) {
    await p.goto(`${home}/blank/new`);
    const form = p.locator("main form.form");
    await fill(form, { title: "季报", file: { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) } });
    await send(p, form);
    const said = (await p.locator(".error").allInnerTexts()).join(" ");
    ok(said.includes(".xlsx") && !said.includes("JPEG"), said);
  }
});

test("the office's blank of the authority is mapped once and filled", both, async (t) => {
  const p = await t.as("office");
  const at = await add(p, blank(9));
  await p.goto(`${at}/map`);
  await sound(p, "the map");
  equal(await p.inputValue('select[name="c1"]'), "found_g", "the heading was not understood:");
  await p.selectOption('select[name="c5"]', "late_a");
  await send(p, p.locator("main form.card"));
  await p.goto(`${at}/map`);
  equal(await p.inputValue('select[name="c5"]'), "late_a", "the choice is not remembered:");
  const full = await p.request.get(`${at}/filled.xlsx?quarter=year`);
  equal(full.status(), 200);
  ok((await full.body()).subarray(0, 2).toString() === "PK", "no workbook");
  const small = await add(p, blank(2));
  await p.goto(`${small}/map`);
  await send(p, p.locator("main form.card"));
  const no = await p.request.get(`${small}/filled.xlsx`);
  equal(no.status(), 409, "a table that is too short:");
});
