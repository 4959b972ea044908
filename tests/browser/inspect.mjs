// Checklists, inspections and programmes as those who do them, on a telephone and at a desk.
import { test, both, once, ok, equal, fill, send, step, state, text, day, photo, accessible, fits, home, unique, password } from "./lib.mjs";

const find = async (p, list, words) => {
  await p.goto(`${home}/${list}`);
  return words
    ? p.locator(".list tbody th a", { hasText: words }).first().getAttribute("href")
    : p.locator(".list tbody th a").first().getAttribute("href");
};

/* Draft a checklist with two items, make it live; its address. */
async function checklist(t, office) {
  const name = "Short round " + unique();
  await office.goto(`${home}/checklist/new`);
  const form = office.locator("form.form");
  await fill(form, { title_en: name, title_zh: name, topic: "daily" });
  await send(office, form);
  await office.locator('a[href$="/parts/items"]').click();
  for (const item of [{ section_zh: "楼道", section_en: "Corridor", text_zh: "通道畅通", text_en: "Corridor free", critical: true },
    { text_zh: "室温", text_en: "Temperature", kind: "number", low: "10", high: "30", unit: "°C" }]) {
    const add = office.locator("#new form");
    await fill(add, item);
    await send(office, add);
  }
  equal(await office.locator("li.part").count(), 2, "items:");
  await accessible(office);
  await office.locator(".crumb a").click();
  await step(office, null, "publish");
  equal(await state(office), "live");
  return { name, at: new URL(office.url()).pathname };
}

async function plan(p, list, org, more = {}) {
  await p.goto(`${home}/inspection/new${org ? `?org=${org}` : ""}`);
  const form = p.locator("form.form");
  await fill(form, { checklist: list.at.split("/").pop(), ...more });
  await send(p, form);
  return new URL(p.url()).pathname;
}

test("a checklist is made and edited in the browser, goes live, and is done on a telephone", both, async (t) => {
  const office = await t.as("office"), guard = await t.as("guard");
  const list = await checklist(t, office);
  const at = await plan(guard, list);
  await guard.locator(".ways a").first().click();
  await fits(guard);
  await accessible(guard);
  const first = guard.locator("[data-item]").nth(0), second = guard.locator("[data-item]").nth(1);
  await first.locator('label:has(input[value="fail"])').click();
  ok(await first.locator("details.wrong").evaluate((d) => d.open), "why it is not in order is not asked");
  await first.locator("textarea").fill("杂物堵住通道");
  await first.locator('input[type="file"]').setInputFiles(photo());
  await second.locator('input[name^="value."]').fill("31.5");
  await second.locator('input[name^="value."]').blur();
  ok(await second.locator("details.wrong").evaluate((d) => d.open), "why it is too much is not asked");
  await second.locator("textarea").fill("暖气太热");
  equal((await text(guard, "[data-count]")).trim(), "2 / 2", "answered:");
  await guard.waitForFunction(() => document.querySelector("[data-said]").textContent.length > 1);
  await first.locator(".kept input:checked").waitFor(); // the photograph has arrived, and can be unticked
  await guard.reload(); // the telephone was put away
  equal(await guard.locator("textarea").first().inputValue(), "杂物堵住通道", "kept:");
  await Promise.all([guard.waitForNavigation(), guard.locator('button[value="send"]').click()]);
  ok(guard.url().includes("done=1"), `not sent in: ${await text(guard, ".error")}`);
  equal(await state(guard), "submitted");
  equal(await guard.locator("li.part.v-fail a").count() >= 2, true, "a hazard for each that is not in order:");
  await accessible(guard);
  await guard.locator("li.part.v-fail .tools a").first().click();
  ok((await text(guard, "main")).includes("杂物堵住通道"), "the hazard has other words");
  ok((await guard.locator("main img").count()) > 0, "the hazard has no photograph");
});

test("a guidance photograph is added to an item, stays with it, and is seen by who inspects", both, async (t) => {
  const p = await t.as("manager");
  const name = "With pictures " + unique();
  await p.goto(`${home}/checklist/new`);
  await fill(p.locator("form.form"), { title_en: name, title_zh: name, topic: "daily" });
  await send(p, p.locator("form.form"));
  const at = new URL(p.url()).pathname;
  await p.locator('a[href$="/parts/items"]').click();
  await fill(p.locator("#new form"), { text_zh: "扶手牢固", text_en: "Handrail firm" });
  equal(await p.locator('#new input[type="file"]').getAttribute("multiple"), null, "several at once:");
  await p.locator('#new input[type="file"]').setInputFiles(photo("扶手.png", 800, 600));
  await send(p, p.locator("#new form"));
  equal(await p.locator("li.part img").count(), 1, "photographs shown:");
  equal((await accessible(p)).join(), "", "accessible:");
  equal((await fits(p)).join(), "", "fits:");
  await p.locator('li.part a.button[href*="?at="]').first().click();
  ok(await p.locator('#new .kept input[type="checkbox"]').isChecked(), "the form does not hold it");
  await fill(p.locator("#new form"), { standard_zh: "不晃动", standard_en: "does not move" });
  equal((await fits(p)).join(), "", "fits:");
  equal((await accessible(p)).join(), "", "accessible:");
  await send(p, p.locator("#new form"));
  equal(await p.locator("li.part img").count(), 1, "photographs after another word:");
  await p.locator(".crumb a").click();
  await step(p, null, "publish");
  const doing = await plan(p, { at });
  await p.goto(`${doing}/do`);
  const img = p.locator("[data-item] img").first();
  await img.scrollIntoViewIfNeeded();
  ok((await img.evaluate(async (x) => { await x.decode(); return x.naturalWidth; })) > 0, "it cannot be seen");
  equal((await fits(p)).join(), "", "fits:");
  equal((await accessible(p)).join(), "", "accessible:");
});

test("a form half done is kept without JavaScript, and what is missing is named", both, async (t) => {
  const office = await t.as("office");
  const list = await checklist(t, office);
  const p = await t.as("manager", { javaScriptEnabled: false });
  const at = await plan(p, list);
  await p.goto(`${at}/do`);
  await p.locator('input[name="verdict.1"][value="pass"]').check({ force: true });
  await Promise.all([p.waitForNavigation(), p.locator('button[value="save"]').click()]);
  ok(await p.locator('input[name="verdict.1"][value="pass"]').isChecked(), "it was not kept");
  await p.fill("#note", "写到一半");
  await p.locator('[name="files.1"]').setInputFiles(photo("灯.png", 200, 150));
  const lang = await p.locator("html").getAttribute("lang");
  for (let i = 0; i < 2; i++) await Promise.all([p.waitForNavigation(), p.locator('main button[name="fill"]').click()]);
  equal(await p.locator("html").getAttribute("lang"), lang, "there and back again:");
  equal(await p.inputValue("#note"), "写到一半", "the remarks:");
  equal(await p.locator('.kept [name="files.1"]').count(), 1, "the photograph:");
  await Promise.all([p.waitForNavigation(), p.locator('button[value="send"]').click()]);
  ok((await text(p, ".error")).includes("2"), `which item is missing? ${await text(p, ".error")}`);
  equal(await p.locator(".error a").getAttribute("href"), "#i2", "the way to it:");
  equal(await p.locator("#i2.bad").count(), 1, "marked:");
  equal((await fits(p)).join(), "", "fits:");
});

test("an item that fails again means the hazard that is open from it", both, async (t) => {
  const office = await t.as("office"), guard = await t.as("guard");
  const list = await checklist(t, office);
  const fails = async (at) => {
    await guard.goto(`${at}/do`);
    await guard.locator('label:has(input[name="verdict.1"][value="fail"])').click();
    await guard.locator('input[name="value.2"]').fill("20");
  };
  const sent = () => Promise.all([guard.waitForNavigation(), guard.locator('button[value="send"]').click()]);
  await fails(await plan(guard, list));
  await guard.locator('textarea[name="comment.1"]').fill("又坏了");
  await sent();
  const first = await guard.locator("li.part.v-fail .tools a").first().getAttribute("href");
  await fails(await plan(guard, list, null, { due_on: day(2) }));
  const pick = (value) => guard.locator(`.hpick:has(input[name="hazard.1"][value="${value}"])`);
  equal(await guard.locator('input[name="hazard.1"]:checked').count(), 0, "chosen in advance:");
  equal(await guard.locator('input[name="hazard.1"]').first().getAttribute("value"), first.split("/").pop(), "offered first:");
  equal((await fits(guard)).join(), "", "fits:");
  equal((await accessible(guard)).join(), "", "accessible:");
  await guard.locator('textarea[name="comment.1"]').fill("另一处");
  await sent();
  equal(await guard.locator(".error a").getAttribute("href"), "#i1", "what is not said is asked:");
  await pick("new").click();
  await Promise.all([guard.waitForNavigation(), guard.locator('button[value="save"]').click()]);
  ok(await guard.locator('input[name="hazard.1"][value="new"]').isChecked(), "a new one is not kept");
  await pick(first.split("/").pop()).click();
  await sent();
  equal(await guard.locator("li.part.v-fail .tools a").first().getAttribute("href"), first, "the hazard named:");
});

test("an inspection whose session is over goes on where it was, after signing in", both, async (t) => {
  const list = await checklist(t, await t.as("office"));
  for (const javaScriptEnabled of [true, false]) {
    const p = await t.as("manager", { fresh: true, javaScriptEnabled });
    const at = await plan(p, list, null, { due_on: day(javaScriptEnabled ? 1 : 2) });
    await p.goto(`${at}/do`);
    await p.context().clearCookies({ name: "anlan" }); // over on the server, too: nobody is signed in
    await p.locator('label:has(input[name="verdict.1"][value="fail"])').click();
    if (!javaScriptEnabled) {
      await p.locator("#i1 details.wrong summary").first().click();
      await p.locator('input[name="hazard.1"][value="new"]').evaluate((x) => { x.checked = true; }); // the first time left one open
    }
    await p.locator('textarea[name="comment.1"]').fill("杂物堵住通道，<b>3 箱</b> & 更多");
    await p.locator('input[name="value.2"]').fill("20");
    await p.fill('[name="note"]', "两点以后再看");
    await Promise.all([p.waitForNavigation(), p.locator('button[value="send"]').click()]);
    ok(await p.locator("#f-login").count(), "the door is not shown");
    await p.fill("#f-login", "manager");
    await p.fill("#f-password", password);
    await Promise.all([p.waitForNavigation(), p.click('form:has(#f-login) button[type="submit"]')]);
    if (!javaScriptEnabled) {
      ok(!(await p.locator("blockquote").allInnerTexts()).includes("fail"), "ticks are shown as words");
      await Promise.all([p.waitForNavigation(), p.locator("main form button").click()]);
    }
    await p.locator("#i1 textarea").waitFor();
    equal(await p.locator('textarea[name="comment.1"]').inputValue(), "杂物堵住通道，<b>3 箱</b> & 更多", "words:");
    equal(await p.locator('[name="note"]').inputValue(), "两点以后再看", "remarks:");
    ok(await p.locator('input[name="verdict.1"][value="fail"]').isChecked(), "the verdict is gone");
    equal((await fits(p)).join(), "", "fits:");
    if (javaScriptEnabled) equal((await accessible(p)).join(), "", "accessible:");
    else ok(await p.locator('input[name="hazard.1"][value="new"]').isChecked(), "that it is a new one is gone");
    await Promise.all([p.waitForNavigation(), p.locator('button[value="send"]').click()]);
    ok(p.url().includes("done=1"), `not sent in: ${await text(p, ".error")}`);
    equal(await p.locator("li.part.v-fail").count(), 1, "not in order:");
  }
});

test("a supervision visit: findings, objection, and a notice from them", both, async (t) => {
  const office = await t.as("office"), inspector = await t.as("inspector"), head = await t.as("principal");
  const list = await checklist(t, office);
  await head.goto(home);
  await inspector.goto(`${home}/inspection/new`);
  const form = inspector.locator("form.form");
  const org = form.locator('select[name="org"]');
  equal(await org.inputValue(), "", "the school is chosen for the inspector:");
  equal(await form.locator('select[name="kind"]').inputValue(), "visit", "kind:");
  await fill(form, { checklist: list.at.split("/").pop(), company: "李校长" });
  await form.evaluate((x) => { x.noValidate = true; }); // as a browser that checks nothing
  await send(inspector, form);
  ok(await form.locator(".field.bad select[name=org]").count(), "a visit to no school was planned");
  await org.selectOption({ index: 2 });
  await send(inspector, form);
  const at = new URL(inspector.url()).pathname;
  await inspector.goto(`${at}/do`);
  await inspector.locator('label:has(input[name="verdict.1"][value="fail"])').click();
  await inspector.locator('textarea[name="comment.1"]').fill("安全出口上锁");
  await inspector.locator('input[name="value.2"]').fill("20");
  await Promise.all([inspector.waitForNavigation(), inspector.locator('button[value="send"]').click()]);
  equal(await state(inspector), "submitted");
  await inspector.goto(at);
  const late = { csrf: await inspector.locator('[name=csrf]').first().inputValue(), rev: await inspector.locator("[name=rev]").first().inputValue() };
  const no = await inspector.request.post(`${at}/assign`, { form: late, headers: { "Accept-Language": t.lang } });
  ok((await no.text()).replaceAll("&#34;", '"').replaceAll("&quot;", '"').includes(t.lang === "zh" ? "记录当前状态为“已完成”" : 'in state "done"'), `the state is no word: ${no.status()}`);
  await step(inspector, at, "notify");
  await inspector.locator('.ways a[href*="/notice/"]').click();
  ok((await text(inspector, "main")).includes("安全出口上锁"), "the finding is not on the notice");
  const notice = new URL(inspector.url()).pathname;
  await step(inspector, at, "notify", {}, "done=7"); // a second time: the one that is there
  equal(new URL(inspector.url()).pathname, notice, "a second notice:");
  await step(inspector, notice, "drop", { comment: "写错了" });
  await step(inspector, at, "notify");
  await inspector.locator('.ways a[href*="/notice/"]').click();
  ok(new URL(inspector.url()).pathname !== notice, "no other one after it was dropped");
});

test("the list of inspections fits a small desk screen, dates stay whole", { windows: ["wide"], langs: ["en", "zh"] }, async (t) => {
  const p = await t.as("office");
  await p.setViewportSize({ width: 1366, height: 768 });
  await p.goto(`${home}/inspection`);
  const [wide, room] = await p.locator(".scroll").first().evaluate((x) => [x.scrollWidth, x.clientWidth]);
  ok(wide <= room, `the last column is cut: ${wide} > ${room}`);
  const lines = await p.locator("td.tight").evaluateAll((all) => all.filter((x) => { const r = document.createRange(); r.selectNodeContents(x); return r.getClientRects().length > 1; }).length);
  ok((await p.locator("td.tight").count()) > 5 && lines === 0, `${lines} dates wrap`);
});

test("duties stand at the top of the board on a telephone", { windows: ["phone"], langs: ["en", "zh"] }, async (t) => {
  const p = await t.as("office");
  await p.goto(home);
  const above = await p.locator("main .groups").evaluate((g) => [...document.querySelectorAll("main a.button")].filter((a) => a.checkVisibility() && a.getBoundingClientRect().top < g.getBoundingClientRect().top).length);
  ok(above >= 1 && above <= 3, `${above} buttons stand above the first duty`);
  ok((await p.locator("main .group").first().boundingBox()).y < 500, "the first duty is below the fold");
  await p.locator("main details.more summary").first().click();
  ok(await p.locator('main details.more a[href$="/new"]').first().isVisible(), "the others cannot be reached");
  equal((await fits(p)).join(), "", "fits:");
  equal((await accessible(p)).join(), "", "accessible:");
});

test("the board of a special rectification and who keeps which rule can be read by everybody", both, async (t) => {
  const office = await t.as("office");
  const at = await find(office, "programme?state=running");
  await office.goto(at);
  await office.locator(".ways a").first().click();
  await fits(office);
  await accessible(office);
  ok((await office.locator("table.grid tbody tr").count()) >= 8, "schools are missing");
  await office.goto(`${home}/compliance`);
  await fits(office);
  await accessible(office);
  const m = await t.as("middle");
  await m.goto(`${home}/compliance`);
  ok((await m.locator("table.grid tbody tr").count()) >= 5, "rules are missing");
  await accessible(m);
});

test("the closing report of a special rectification is drafted, and its numbers lead to their records", { windows: ["phone"], langs: ["zh"] }, async (t) => {
  const p = await t.as("office");
  await p.goto(await find(p, "programme?state=running"));
  await step(p, null, "compose");
  equal((await fits(p)).join(), "", "fits:");
  equal((await accessible(p)).join(), "", "accessible:");
  const number = p.locator('table.grid a[href*="/inspection?programme="]').first();
  const n = Number(await number.textContent());
  await number.click();
  equal(await p.locator(".list tbody tr").count(), n, "records behind the number:");
  await p.goBack();
  const close = p.locator('form[action$="/close"]');
  for (const name of ["report", "report_zh"])
    ok((await close.locator(`[name="${name}"]`).inputValue()).length > 80, `no draft in ${name}`);
  ok((await text(p, "main")).includes("：完成") || (await text(p, "main")).includes("done"), "no draft on the page");
  const paper = await p.request.get(await p.locator('a[href$="/paper"]').getAttribute("href"));
  equal((await paper.body()).subarray(0, 5).toString(), "%PDF-", "the paper:");
});

test("a checklist of the library is taken as a draft, a file of one's own too", once, async (t) => {
  const p = await t.as("manager");
  await p.goto(`${home}/checklist/library`);
  equal((await accessible(p)).join(), "", "accessible:");
  await p.locator("main .item a").first().click();
  equal((await accessible(p)).join(), "", "accessible:");
  await send(p, p.locator("form.form").last());
  equal(await state(p), "draft");
  ok((await p.locator("li.part").count()) >= 8, "items are missing");
  await p.goto(`${home}/checklist/library`);
  await p.locator('input[type="file"]').setInputFiles({ name: "own.csv", mimeType: "text/csv",
    buffer: Buffer.from("门卫检查表\n序号,检查项目,检查标准\n1,大门,完好\n2,监控,正常\n3,登记,齐全\n") });
  await send(p, p.locator("form.form"));
  equal(await p.locator("li.part").count(), 3, "items of the file:");
});

test("a schedule asks for its days and says when it is next", both, async (t) => {
  const p = await t.as("manager");
  await p.goto(`${home}/schedule/new`);
  const form = p.locator("form.form");
  const first = await form.locator('select[name="checklist"] option').nth(1).getAttribute("value");
  const who = await form.locator('select[name="responsible"] option').nth(1).getAttribute("value");
  await fill(form, { checklist: first, responsible: who, pattern: "weekly", days: "any", from_on: day(1), to_on: day(900), place_text: unique() });
  await send(p, form);
  ok(!p.url().includes("done=1"), "a schedule that never ends was taken");
  await fill(p.locator("form.form"), { to_on: day(100) });
  await send(p, p.locator("form.form"));
  ok(p.url().includes("done=1"), `not saved: ${p.url()} ${await text(p, "main")}`);
  equal((await fits(p)).join(), "", "fits:");
});
test("a schedule says which days are left out, and one step puts them on the last day", both, async (t) => {
  const p = await t.as("manager");
  await p.goto(`${home}/schedule/new`);
  const form = p.locator("form.form");
  const first = await form.locator('select[name="checklist"] option').nth(1).getAttribute("value");
  const who = await form.locator('select[name="responsible"] option').nth(1).getAttribute("value");
  const year = new Date(day(400)).getUTCFullYear();
  await fill(form, { checklist: first, responsible: who, pattern: "own", rrule: "freq=monthly", days: "any",
    from_on: `${year}-01-31`, to_on: `${year}-12-31`, place_text: unique() });
  await send(p, form);
  ok(p.url().includes("done=1"), `not saved: ${p.url()} ${await text(p, "main")}`);
  const note = await text(p, "p.then:has(a)");
  ok(note.includes(`${year}-04-31`) && !note.includes(`${year}-03-31`), `left out: ${note}`);
  equal((await fits(p)).join(), "", "fits:");
  await p.locator('p.then a').click();
  await send(p, p.locator("#s-last_day form"));
  ok(!(await text(p, "main section.card")).includes("-04-31"), "still left out");
  ok((await text(p, "main")).includes("SKIP=BACKWARD"), "the rule does not say so");
});
