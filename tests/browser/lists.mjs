// Lists: search, filters, paging, order, what they export; the overview.
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { test, both, once, ok, equal, report, step, text, csv, code, home, base, unique, day, fits, accessible } from "./lib.mjs";

const rows = (p) => p.locator(".list tbody tr").count();

test("a list is searched in Chinese and in English without unfolding anything", both, async (t) => {
  const p = await t.as("manager");
  const mark = unique();
  await report(p, { description: `消防栓漏水 ${mark}` });
  await report(p, { description: `Broken fence ${mark} near the pond` });
  for (const words of [`消防栓 ${mark}`, `fence ${mark}`]) {
    await p.goto(`${home}/hazard`);
    const q = p.locator('main input[name="q"]').first();
    ok(await q.isVisible(), "the search box is folded away");
    await q.fill(words);
    await Promise.all([p.waitForNavigation(), q.press("Enter")]);
    equal(await rows(p), 1, words);
  }
});

test("filters narrow a list and stay chosen", async (t) => {
  const p = await t.as("office");
  await p.goto(`${home}/hazard`);
  await p.locator("details.filters summary").click();
  await p.selectOption('details.filters [name="grade"], .filters [name="grade"]', "major");
  await Promise.all([p.waitForNavigation(), p.locator('main form[method="get"] button[type="submit"]').last().click()]);
  ok((await rows(p)) >= 1);
  equal(await p.locator('[name="grade"]').inputValue(), "major");
  equal(await p.locator("details.filters").getAttribute("open"), "", "a filter in force is folded away:");
});

test("a list is sorted by what is due first with one tap", both, async (t) => {
  const p = await t.as("office");
  await p.goto(`${home}/hazard`);
  await Promise.all([p.waitForNavigation(), p.locator('main a[href*="sort=due"]').first().click()]);
  const late = await p.locator(".list tbody tr").evaluateAll((all) => all.map((x) => x.classList.contains("late")));
  ok(late.length > 3 && late[0] && late.lastIndexOf(true) === late.filter(Boolean).length - 1, `late rows are not first: ${late}`);
  await p.goto(`${home}/hazard?sort=due&state=closed`);
  ok((await rows(p)) >= 1, "what has no due time any more is left out");
  await Promise.all([p.waitForNavigation(), p.locator(".order a").first().click()]);
  ok((await rows(p)) >= 1, "the other order is not offered");
});

test("a long list is paged by key: every row once", once, async (t) => {
  const p = await t.as("nine");
  const form = async (i) => {
    await p.goto(`${home}/hazard/new`);
    return p.evaluate(async ([n]) => {
      const made = [];
      const f = document.querySelector("form.form");
      for (let i = 0; i < n; i++) {
        const d = new FormData(f);
        d.set("description", `分页 ${i}`);
        d.set("place_text", "走廊");
        d.set("key", d.get("key").slice(0, 24) + String(10000000 + i));
        made.push((await fetch(f.action, { method: "POST", body: d })).url);
      }
      return made;
    }, [i]);
  };
  equal(new Set(await form(120)).size, 120);
  const seen = new Set();
  let pages = 0;
  await p.goto(`${home}/hazard`);
  for (; pages < 20; pages++) {
    for (const h of await p.locator(".list tbody th a").evaluateAll((a) => a.map((x) => x.getAttribute("href")))) {
      ok(!seen.has(h), `${h} stands twice`);
      seen.add(h);
    }
    if (!(await p.locator('a[rel="next"]').count())) break;
    await Promise.all([p.waitForNavigation(), p.click('a[rel="next"]')]);
  }
  ok(pages >= 1 && seen.size >= 120, `${seen.size} rows on ${pages + 1} pages`);
});

/* The files of a zip archive that were deflated or stored. */
function unzip(b) {
  const files = {};
  for (let at = b.length - 22; at >= 0; at--) {
    if (b.readUInt32LE(at) !== 0x06054b50) continue;
    let dir = b.readUInt32LE(at + 16);
    for (let n = b.readUInt16LE(at + 10); n > 0; n--) {
      const method = b.readUInt16LE(dir + 10), size = b.readUInt32LE(dir + 20), name = b.readUInt16LE(dir + 28);
      const local = b.readUInt32LE(dir + 42), from = local + 30 + b.readUInt16LE(local + 26) + b.readUInt16LE(local + 28);
      const raw = b.subarray(from, from + size);
      files[b.toString("utf8", dir + 46, dir + 46 + name)] = method ? inflateRawSync(raw) : raw;
      dir += 46 + name + b.readUInt16LE(dir + 30) + b.readUInt16LE(dir + 32);
    }
    return files;
  }
  throw new Error("not a zip archive");
}

test("exports are whole: CSV, XLSX and PDF hold every row of the list", both, async (t) => {
  const p = await t.as("manager");
  const mark = unique();
  for (const text of ['逗号, "引号"', "两行\n文字", "=1+1"]) await report(p, { description: `${text} ${mark}` });
  await p.goto(`${home}/hazard`);
  await p.goto(`${home}/hazard?q=${mark}`);
  const take = async (kind) => {
    const [d] = await Promise.all([p.waitForEvent("download"), p.click(`.tools a[href*=".${kind}"]`)]);
    ok(d.suggestedFilename().endsWith("." + kind), d.suggestedFilename());
    return readFileSync(await d.path());
  };
  const table = csv((await take("csv")).toString("utf8"));
  const body = table.filter((r) => r.join().includes(mark));
  equal(body.length, 3, "rows of the CSV:");
  ok(body.some((r) => r.some((c) => c.includes('逗号, "引号"'))));
  ok(body.every((r) => r.length === table[0].length), "rows of different length");
  const sheet = unzip(await take("xlsx"));
  const all = Object.values(sheet).map(String).join("");
  equal(all.split(mark).length - 1 >= 3, true, "rows of the XLSX:");
  const pdf = await take("pdf");
  equal(pdf.subarray(0, 5).toString(), "%PDF-");
  ok(pdf.length > 1000 && pdf.subarray(-8).toString().includes("%%EOF"));
});

test("the letters of a chart are as large on a phone", both, async (t) => {
  const p = await t.as("office");
  await p.goto(`${home}/overview`);
  const shown = await p.locator(".chart svg").evaluateAll((all) => all.filter((x) => x.getBoundingClientRect().width)
    .map((x) => [x.getBoundingClientRect().width / x.viewBox.baseVal.width, x.querySelectorAll("text").length]));
  equal(shown.length, await p.locator(".chart").count(), "one of each chart is shown:");
  ok(shown.every(([scale, texts]) => scale > 0.85 && texts > 0), `shrunk: ${shown}`);
});

test("tables stand whole on a phone", { windows: ["phone"], langs: ["en", "zh"] }, async (t) => {
  const p = await t.as("office");
  for (const page of ["overview", "causes", "rules", "privacy"]) {
    await p.goto(`${home}/${page}`);
    const cut = await p.locator(".scroll:has(table.cards)").evaluateAll((all) => all.filter((x) => x.scrollWidth > x.clientWidth + 1).length);
    equal(cut, 0, `tables cut on /${page}:`);
    ok((await p.locator("table.cards td").count()) > 0 || page === "causes", `no table on /${page}`);
    equal((await fits(p)).join("; "), "");
    equal((await accessible(p)).join("; "), "");
  }
});

test("every chart of the overview has its table, every school its line", both, async (t) => {
  const p = await t.as("office");
  await p.goto(`${home}/overview`);
  const cards = p.locator("section.card:has(figure.chart)");
  ok((await cards.count()) >= 3);
  for (let i = 0; i < (await cards.count()); i++) ok((await cards.nth(i).locator("table tbody tr").count()) > 0, `chart ${i} has no table`);
  const open = Number(await p.locator(".figures b").first().innerText());
  await Promise.all([p.waitForNavigation(), p.locator(".figures a").first().click()]);
  ok(open > 0 && (await rows(p)) > 0);
});

test("the page of a record tells its history and proves it", both, async (t) => {
  const p = await t.as("manager");
  const at = await report(p, {});
  await step(p, at, "assign", { measures: "修", responsible_unit: "总务处", deadline: day(3) });
  equal(await p.locator(".history > li").count(), 2);
  const [d] = await Promise.all([p.waitForEvent("download").catch(() => null), p.click('a[href$="/proof"]')]);
  const words = d ? readFileSync(await d.path(), "utf8") : await text(p, "body");
  ok(/proof|证明|leaf|hash/i.test(words), words.slice(0, 80));
});

test("the log shows its key to everybody, a checkpoint is signed", once, async (t) => {
  const p = await t.as(null);
  const page = await p.goto(`${home}/log`);
  equal(page.status(), 200);
  const r = await p.request.get(`${base}/log/${code}/checkpoint`);
  ok([200, 404].includes(r.status()), String(r.status()));
  if (r.status() === 200) ok((await r.text()).includes("—"), "no signature");
});
