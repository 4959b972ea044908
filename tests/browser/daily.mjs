// Daily practice: a round in one form, acceptances in one go, and the door for everybody.
import { test, both, once, forget, ok, equal, text, photo, home, code, unique, fill, send, report, step, stepForm, state, fits, accessible } from "./lib.mjs";

test("a round is entered in one form; a row with a gap comes back alone", both, async (t) => {
  const p = await t.as("manager");
  const mark = unique();
  await p.goto(`${home}/hazard/round`);
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
  const form = p.locator("main form.form");
  await fill(form, {
    "description.1": `灯不亮 ${mark}`, "place_text.1": "一楼", "photos_before.1": photo("灯.png", 600, 400),
    "description.2": `插座松动 ${mark}`, "photos_before.2": photo("插座.png", 600, 400), occurred_at: "2026-01-05T08:30",
  });
  await Promise.all([p.waitForNavigation(), form.locator("button.primary").click()]);
  equal(await p.locator("fieldset").count(), 1, "rows that came back:");
  equal(await p.inputValue('[name="description.2"]'), `插座松动 ${mark}`);
  equal(await p.locator(".kept input").count(), 1, "its photograph:");
  equal((await accessible(p)).join("; "), "");
  await p.fill('[name="place_text.2"]', "二楼");
  await Promise.all([p.waitForNavigation(), form.locator("button.primary").click()]);
  ok(p.url().includes("done=1"), p.url());
  await p.goto(`${home}/hazard?q=${encodeURIComponent(mark)}`);
  equal(await p.locator("table.list tbody tr").count(), 2, "both are on the record:");
  await p.locator("table.list a").first().click();
  await p.waitForLoadState();
  equal(await p.locator(".photos img").count(), 1);
  ok((await text(p, ".history")).includes("2026-01-05 08:30"), "the claimed time is kept");
});

test("a round takes what was put right on the spot; twelve finds fit into one form", both, async (t) => {
  const p = await t.as("manager");
  const mark = unique();
  await p.goto(`${home}/hazard/round`);
  equal(await p.locator("fieldset").count(), 12, "finds asked for:");
  const form = p.locator("main form.form"), first = p.locator("fieldset").first();
  await fill(form, { "description.1": `桌角尖 ${mark}`, "place_text.1": "三（1）班" });
  await first.locator("summary").click();
  await fill(form, { "situation.1": "已包角" });
  await form.locator("> details.more > summary").last().click();
  await fill(form, { "description.12": `门锁坏 ${mark}`, "place_text.12": "后门" });
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
  await Promise.all([p.waitForNavigation(), form.locator("button.primary").click()]);
  equal(await p.locator("fieldset.refused").count(), 1, "what was put right is shown by a photograph:");
  await p.setInputFiles('[name="photos_after.1"]', photo("包角.png", 600, 400));
  await Promise.all([p.waitForNavigation(), form.locator("button.primary").click()]);
  ok(p.url().includes("done=1"), await text(p, "main"));
  await p.goto(`${home}/hazard?q=${encodeURIComponent(mark)}`);
  equal(await p.locator("table.list tbody tr").count(), 2, "both are on the record:");
  equal(await p.locator(".s-submitted").count(), 1, "one waits for somebody's look:");
  await p.locator("table.list a").first().click();
  await p.waitForLoadState();
  ok(/巡查|Patrol/.test(await text(p, "main")), "a round is a patrol");
});

test("many are ticked at once", { windows: ["phone"] }, async (t) => {
  const p = await t.as("principal");
  const q = await t.as("teacher");
  for (let i = 0; i < 2; i++) {
    const at = await report(q, { description: `插销松 ${unique()}` });
    await step(q, at, "fix", { situation: "拧紧了", photos_after: photo("后.png", 400, 300) });
  }
  await p.goto(`${home}/hazard/together?verb=accept`);
  await p.locator("[data-all] button").click();
  equal(await p.locator('[name="pick"]:not(:checked)').count(), 0);
});

test("another school in a form chooses neither place nor person", both, async (t) => {
  const p = await t.as("office");
  await p.goto(`${home}/hazard/new`);
  for (const more of await p.locator("main details.more > summary").all()) await more.click();
  const places = () => p.locator('[name="place"] option').allTextContents();
  const before = (await places()).join();
  const schools = p.locator('[name="org"] option');
  await p.selectOption('[name="org"]', await schools.nth(3).getAttribute("value"));
  await p.waitForFunction((was) => [...document.querySelectorAll('[name="place"] option')].map((o) => o.textContent).join() !== was, before);
  equal(await p.inputValue('[name="place"]'), "");
  equal(await p.inputValue('[name="finder"]'), "");
});

test("a stranger's words are put differently: staff read the new ones alone", both, async (t) => {
  const mark = unique(), r = await t.as(null);
  await r.goto(`/report/${code}`);
  await r.selectOption("#f-school", { index: 1 });
  await fill(r.locator("main form.form").first(), { description: `骂人的话 ${mark}`, place_text: "食堂", photos: photo("脸.png", 600, 400) });
  await Promise.all([r.waitForNavigation(), r.locator("main form.form button.primary").first().click()]);
  const p = await t.as("office");
  await p.goto(`${home}/hazard?q=${encodeURIComponent(mark)}`);
  await p.locator("table.list tbody a").first().click();
  await p.waitForLoadState();
  const at = new URL(p.url()).pathname;
  const form = stepForm(p, "reword");
  await p.locator('details.step:has(form[action$="/reword"]) > summary').click();
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
  await form.locator('[type="checkbox"][name="photos_before"]').uncheck();
  await fill(form, { description: `食堂燃气未关 ${mark}`, comment: "原文含辱骂内容" });
  await send(p, form);
  ok((await text(p, "h1")).includes("燃气"), await text(p, "h1"));
  ok((await p.locator(".history").first().textContent()).includes("骂人的话"), "who decides reads what was said");
  const q = await t.as("auditor");
  await q.goto(at);
  const seen = await q.locator("main").textContent();
  ok(seen.includes("燃气") && !seen.includes("骂人的话"), "the words are not covered");
  equal(await q.locator(".photos img").count(), 0);
  await r.reload();
  ok((await text(r, "main")).includes("原文含辱骂内容"), "the reporter is not told why");
});

test("more rows lose nothing that was typed or chosen", { windows: ["phone"] }, async (t) => {
  const p = await t.as("manager", { javaScriptEnabled: false });
  await p.goto(`${home}/hazard/round`);
  const before = await p.locator("fieldset").count();
  await p.fill('[name="description.1"]', "写到一半 " + unique());
  await p.setInputFiles('[name="photos_before.1"]', photo("灯.png", 600, 400));
  await Promise.all([p.waitForNavigation(), p.locator('button[value="more"]').click()]);
  ok((await p.locator("fieldset").count()) > before, "no more rows");
  ok((await p.inputValue('[name="description.1"]')).startsWith("写到一半"));
  equal(await p.locator(".kept input").count(), 1, "the photograph:");
  await p.fill('[name="place_text.1"]', "一楼");
  await p.fill('[name="description.5"]', "新的一行 " + unique());
  await p.fill('[name="place_text.5"]', "五楼");
  await p.setInputFiles('[name="photos_before.5"]', { name: "a.png", mimeType: "image/png", buffer: Buffer.from("MZ no picture") });
  await Promise.all([p.waitForNavigation(), p.locator("main form.form button.primary").click()]);
  equal(await p.locator("fieldset").count(), 1, "only the row with the bad file comes back:");
  ok((await text(p, "fieldset")).includes("a.png"), await text(p, "fieldset"));
  await p.goto(`${home}/hazard`);
  await p.locator("table.list a").first().click();
  await p.waitForLoadState();
  equal(await p.locator(".photos img").count(), 1, "the photograph chosen before:");
});

test("a row that stood in a round before may be another hazard; it is never a dead end", { windows: ["phone"] }, async (t) => {
  const p = await t.as("manager");
  const mark = unique(), save = () => Promise.all([p.waitForNavigation(), p.locator("main form.form button.primary").click()]);
  const form = p.locator("main form.form");
  await p.goto(`${home}/hazard/round`);
  await save();
  ok((await text(p, ".error")).length > 0, "nothing filled in is saved without a word");
  await fill(form, { "description.1": `一 ${mark}`, "place_text.1": "一楼", "description.2": `二 ${mark}` });
  await save();
  equal(await p.locator("fieldset").count(), 1, "rows that came back:");
  await Promise.all([p.waitForNavigation(), p.locator('button[value="more"]').click()]);
  await fill(form, { "description.1": `三 ${mark}`, "place_text.1": "三楼", "place_text.2": "二楼" });
  await save();
  ok(p.url().includes("done=1"), await text(p, "main"));
  await p.goto(`${home}/hazard/round`);
  await fill(form, { "description.1": `四 ${mark}`, "place_text.1": "四楼" });
  await save();
  await p.goBack();
  await fill(form, { "description.1": `五 ${mark}`, "place_text.1": "五楼", occurred_at: "2026-01-05T08:30" });
  await save();
  equal(await p.locator("fieldset.refused").count(), 1, "what was sent before is said:");
  ok((await p.locator("details.more").first().getAttribute("open")) !== null, "what holds for all rows is folded away");
  await save();
  ok(p.url().includes("done=1"), await text(p, "main"));
  await p.goto(`${home}/hazard?q=${encodeURIComponent(mark)}`);
  equal(await p.locator("table.list tbody tr").count(), 5, "all are on the record:");
});

test("without scripts ticks and words stay when the language changes", { windows: ["phone"], langs: ["zh"] }, async (t) => {
  const q = await t.as("teacher"), mark = unique();
  const at = await report(q, { description: `螺丝松 ${mark}` });
  await step(q, at, "fix", { situation: "拧紧了", photos_after: photo("后.png", 400, 300) });
  const p = await t.as("manager", { javaScriptEnabled: false });
  await p.goto(`${home}/hazard/together?verb=accept`);
  await p.locator(`.pick:has-text("${mark}") input[name="pick"]`).check();
  await p.fill("#f-comment", "看过了");
  await Promise.all([p.waitForNavigation(), p.locator('main button[name="fill"]').click()]);
  equal(await p.locator("html").getAttribute("lang"), "en");
  equal(await p.inputValue("#f-comment"), "看过了");
  ok(await p.locator(`.pick:has-text("${mark}") input[name="pick"]`).isChecked(), "the tick is lost");
  const r = await t.as(null, { javaScriptEnabled: false });
  await r.goto(`/report/${code}`);
  await r.selectOption("#f-school", { index: 2 });
  const school = await r.inputValue("#f-school");
  await r.fill("#f-description", "墙裂了");
  await r.setInputFiles("#f-photos", photo("墙.png", 600, 400));
  await Promise.all([r.waitForNavigation(), r.locator('main button[name="fill"]').click()]);
  equal(await r.locator("html").getAttribute("lang"), "en");
  equal(`${await r.inputValue("#f-school")} ${await r.inputValue("#f-description")}`, `${school} 墙裂了`);
  equal(await r.locator('[name="kept"]').count(), 1, "the photograph:");
});

test("work that others did is accepted in one go, one's own is not offered", both, async (t) => {
  const p = await t.as("manager");
  const marks = [unique(), unique()];
  for (const mark of marks) {
    const q = await t.as("teacher");
    const at = await report(q, { description: `门把手松 ${mark}` });
    await step(q, at, "fix", { situation: "拧紧了", photos_after: photo("后.png", 400, 300) });
  }
  await p.goto(`${home}/hazard/together?verb=accept`);
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
  await send(p, p.locator("main form.form"));
  ok((await text(p, ".error")).length > 0 && !(await text(p, ".flash")), "nothing ticked is called done");
  const stale = await t.as("principal");
  await stale.goto(`${home}/hazard/together?verb=accept`);
  for (const mark of marks) await p.locator(`.pick:has-text("${mark}") input[name="pick"]`).check();
  await send(p, p.locator("main form.form"));
  ok(/2/.test(await text(p, ".flash")), await text(p, "main"));
  for (const mark of marks) await stale.locator(`.pick:has-text("${mark}") input[name="pick"]`).check();
  await stale.fill("#f-comment", "看过了");
  await send(stale, stale.locator("main form.form"));
  for (const mark of marks) ok((await text(stale, `.pick:has-text("${mark}") .error`)).length > 0, "what another has accepted meanwhile is not named with its reason");
  equal((await accessible(stale)).join("; "), "");
  for (const mark of marks) {
    await p.goto(`${home}/hazard?q=${encodeURIComponent(mark)}`);
    await p.locator("table.list a").first().click();
    await p.waitForLoadState();
    equal(await state(p), "closed");
  }
  const teacher = await t.as("teacher");
  await teacher.goto(`${home}/hazard/together?verb=accept`);
  equal(await teacher.locator(".pick").count(), 0, "a teacher accepts nothing:");
});

test("anybody reports by a poster and follows it with the receipt", both, async (t) => {
  const p = await t.as(null);
  const mark = unique();
  await p.goto(`/report/${code}`);
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
  await p.selectOption('[name="school"]', { index: 1 });
  const form = p.locator("form.form");
  await fill(form, { description: `围墙有裂缝 ${mark}`, place_text: "校门东侧", photos: photo("墙.png", 600, 400), who: "邻居" });
  await send(p, form);
  ok(/\/receipt\//.test(p.url()), await text(p, "main"));
  const receipt = new URL(p.url()).pathname;
  ok((await text(p, "main")).includes(mark), "the report is not shown");
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
  for (const what of ["code.code", ".qrbox", 'a[href$="/picture"]']) {
    const box = await p.locator(what).boundingBox();
    ok(box.y + box.height <= p.viewportSize().height, `${what} is not on the first screen: ${JSON.stringify(box)}`);
  }
  const above = async (a, b) => (await p.locator(a).first().boundingBox()).y < (await p.locator(b).first().boundingBox()).y;
  ok(await above("code.code", "main .state"), "after sending, the code comes first");
  await p.goto(receipt);
  ok(await above("main .state", "code.code"), "later, the state comes first");
  const picture = await p.request.get(`${receipt}/picture`);
  equal(picture.headers()["content-type"], "image/png");
  const office = await t.as("office");
  await office.goto(`${home}/hazard?q=${encodeURIComponent(mark)}`);
  await office.locator("table.list a").first().click();
  await office.waitForLoadState();
  const at = new URL(office.url()).pathname;
  ok(!(await text(office, "main")).includes("邻居"), "the name stands on the hazard");
  await step(office, at, "ask", { comment: "离地多高？" });
  await p.goto("/receipt");
  await p.fill("#f-code", receipt.split("/").pop().toLowerCase().replaceAll("-", " "));
  await send(p, p.locator("form.form"));
  ok((await text(p, "main")).includes("离地多高"), "the question is not shown");
  await p.fill("#f-comment", "大约一米");
  await send(p, p.locator("form.form"));
  await step(office, at, "not_hazard", { comment: "是装饰缝" });
  await p.goto(receipt);
  ok((await text(p, "main")).includes("是装饰缝"), "the reason is not shown");
  equal((await accessible(p)).join("; "), "");
  await p.fill("#f-comment", "不是，还在变宽");
  await send(p, p.locator("form.form"));
  await office.goto(at);
  equal(await state(office), "reported");
  ok((await text(office, ".history")).includes("还在变宽"), "the objection is not in the history");
});

test("back after sending and sending again is one report, another danger is two", async (t) => {
  const p = await t.as(null);
  await p.goto(`/report/${code}`);
  const form = p.locator("form.form");
  const words = { description: `栏杆松动 ${unique()}`, place_text: "二楼" };
  await p.selectOption('[name="school"]', { index: 1 });
  await fill(form, words);
  const key = await p.inputValue('[name="code"]');
  await send(p, form);
  const receipt = new URL(p.url()).pathname;
  for (const [again, same] of [[{}, true], [{ description: "井盖没有了 " + unique() }, false]]) {
    await p.goBack();
    equal(await p.inputValue('[name="code"]'), key, "back leads to another form:");
    await p.selectOption('[name="school"]', { index: 1 });
    await fill(form, { ...words, ...again });
    await send(p, form);
    equal(new URL(p.url()).pathname === receipt, same, "the receipt is the first one:");
  }
  await p.goto(`/report/${code}`);
  ok((await p.inputValue('[name="code"]')) !== key, "who opens the form anew gets the old one");
});

test("a sweep that found none is a statement, and the overview shows where nobody looked", both, async (t) => {
  const p = await t.as("duty");
  const mark = unique();
  await p.goto(`${home}/sweep/new`);
  const form = p.locator("main form.form");
  await fill(form, { looked_at: `宿舍夜查 ${mark}`, looked_on: "2026-01-06", result: "none", found: "2" });
  await send(p, form);
  ok((await text(p, ".field.bad")).length > 0, "a number beside \"none\" is not refused");
  await fill(form, { found: "" });
  await send(p, form);
  ok(/sweep\/\d+/.test(p.url()), await text(p, "main"));
  ok((await text(p, "main")).includes(mark));
  const m = await t.as("manager");
  await m.goto(`${home}/sweep`);
  await Promise.all([m.waitForNavigation(), m.locator('a[href$="/causes#looked"]').click()]);
  const rows = await m.locator("#looked tbody tr").allInnerTexts();
  ok(rows.some((r) => /2026-01-06|never|从未/.test(r)), rows.join());
  ok(!rows.some((r) => /Baile Central Primary|白乐中心小学/.test(r) && /never|从未/.test(r)), `the whole school was looked at: ${rows.join("; ")}`);
  equal(await m.locator("main section.card").count(), 5, "tables on the page of causes:");
  equal((await fits(m)).join("; "), "");
  equal((await accessible(m)).join("; "), "");
});

test("the district chooses the school whose root causes it reads", both, async (t) => {
  const p = await t.as("office");
  await p.goto(`${home}/causes`);
  const form = p.locator("form.choose");
  const one = await form.locator("[name=org] option").evaluateAll((o) => o.map((x) => [x.value, x.textContent.trim()]).find((x) => Number(x[0])));
  await form.locator("[name=org]").selectOption(one[0]);
  await send(p, form);
  ok(one[1].endsWith(await text(p, "main .where")) && (await text(p, "main .where")), "the page does not say which school");
  ok((await p.locator("textarea[readonly]").inputValue()).includes(await text(p, "main .where")), "nor does its text for a chat");
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
  await p.emulateMedia({ media: "print" });
  ok(!(await p.locator("form.choose").isVisible()) && (await p.locator("main .where").isVisible()), "on paper");
});

test("a notice for several hazards is issued, printed, checked by its code", both, async (t) => {
  const p = await t.as("office");
  const mark = unique();
  for (const n of [1, 2]) await report(p, { description: `井盖破损 ${n} ${mark}` });
  await p.goto(`${home}/notice/new`);
  const org = await p.locator('main form.form select[name="org"] option').evaluateAll((o) => o.find((x) => /White Fun|学区/.test(x.textContent)).value);
  await fill(p.locator("main form.form"), { org, inspected_on: "2026-01-05", requirement: `三日内更换 ${mark}`, deadline: "2099-01-01", inspectors: "督导员甲、督导员乙" });
  await send(p, p.locator("main form.form"));
  ok(/notice\/\d+/.test(p.url()), await text(p, "main"));
  const at = new URL(p.url()).pathname;
  await p.locator('a[href*="put_on_notice"]').click();
  await p.waitForLoadState();
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
  for (const n of [1, 2]) await p.locator(`.pick:has-text("井盖破损 ${n} ${mark}") input[name="pick"]`).check();
  await send(p, p.locator("main form.form"));
  ok(p.url().includes(at), "from the hazards the way leads back to the notice");
  equal(await p.locator(`.items .item:has-text("${mark}")`).count(), 2, "hazards on the notice:");
  await step(p, at, "issue", { doc_no: "白学安改 99 号", sign_password: "not-my-password" }, null);
  ok((await text(p, ".field.bad, .error")).length > 0, "a wrong password signs");
  await step(p, at, "issue", { doc_no: "白学安改 99 号" });
  equal(await state(p), "issued");
  equal(await p.locator('a[href*="put_on_notice"]').count(), 0, "an issued notice takes no more hazards:");
  const paper = await p.request.get(`${at}/paper`);
  equal(paper.headers()["content-type"], "application/pdf");
  ok((await paper.body()).subarray(0, 5).toString() === "%PDF-");
  const rec = await (await p.request.get(at.replace("/t/", "/api/v1/"))).json();
  const stranger = await t.as(null);
  await stranger.goto(`/check/${code}/${rec.record.code}`);
  const told = await text(stranger, "main");
  ok(told.includes("白学安改 99 号") && !told.includes(mark), told);
  equal((await accessible(stranger)).join("; "), "");
  await step(p, at, "serve", { served: "refused", served_on: "2099-01-01" }, null);
  ok((await text(p, ".error")).length > 0, "a day that has not come is taken");
  const wrong = await stranger.goto(`/check/${code}/${"0".repeat(32)}`);
  equal(wrong.status(), 404);
});

test("a draft notice says what it lacks before it is signed", both, async (t) => {
  const p = await t.as("principal");
  await p.goto(`${home}/notice/new`);
  await fill(p.locator("main form.form"), { inspected_on: "2026-01-05", problems: "井盖破损", requirement: "三日内更换 " + unique() });
  await send(p, p.locator("main form.form"));
  const at = new URL(p.url()).pathname, box = p.locator("#s-issue");
  await p.goto(`${at}?step=issue`);
  const said = await box.locator(".lacks strong").innerText();
  ok(/^(Deadline, Two inspectors|[^、]*期限、[^、]*)$/.test(said), said);
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
  await box.locator('[name="sign_password"]').fill("anlan-example");
  await send(p, box);
  ok(/Deadline|期限/.test(await text(p, "#s-issue .error")), `the field is not named: ${await text(p, "#s-issue .error")}`);
  await p.locator("#s-issue .lacks a").click();
  await p.waitForLoadState();
  await fill(p.locator("#s-edit"), { deadline: "2099-01-01", inspectors: "督导员甲、督导员乙" });
  await send(p, p.locator("#s-edit"));
  equal(await p.locator("#s-issue .lacks").count(), 0, "nothing is missing any more:");
  await step(p, at, "issue", { doc_no: "x" });
  equal(await state(p), "issued");
});

test("everybody signed in can read what is kept about people", both, async (t) => {
  const p = await t.as("teacher");
  await p.goto(home);
  await p.locator('footer a[href$="/privacy"]').click();
  await p.waitForLoadState();
  ok((await p.locator("table.data tbody tr").count()) >= 3, "an empty table");
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
});

test("who reports without an account reads what becomes of a name", both, async (t) => {
  const p = await t.as(null);
  await p.goto(`/report/${home.split("/")[2]}`);
  await p.locator('footer a[href^="/privacy/"]').click();
  await p.waitForLoadState();
  ok((await p.locator("table.data tbody tr").count()) >= 3, "an empty table");
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
});

test("the district erases personal data, with a reason", once, async (t) => {
  const p = await t.as("office");
  const mark = unique();
  const at = await report(p, { description: `路灯不亮 ${mark}` });
  await step(p, at, "assign", { measures: "修", responsible_unit: "总务处", deadline: "2099-01-01", contractor: `某公司 ${mark} 13800000000` });
  ok((await text(p, "main")).includes("13800000000"), "the contractor is not shown");
  await step(p, at, "erase", { comment: "本人要求" });
  ok(!(await text(p, "main")).includes("13800000000"), "it is still there");
  await p.goto(`${home}/hazard?q=13800000000`);
  equal(await p.locator("table.list tbody tr").count(), 0);
});

test("a guard opens the shared device with a PIN, and it works nowhere else", both, async (t) => {
  const guard = await t.as("guard", { fresh: true });
  await guard.goto("/account");
  await guard.locator('a[href="/device"]').click();
  await guard.waitForLoadState();
  equal((await fits(guard)).join("; "), "");
  equal((await accessible(guard)).join("; "), "");
  const form = guard.locator('form[action="/device/pin"]');
  await fill(form, { password: "anlan-example", pin: "111111" });
  await send(guard, form);
  ok((await text(guard, 'form[action="/device/pin"] .error')).length > 0, "a PIN of one digit does not come back to its form");
  await fill(form, { password: "anlan-example", pin: "418275" });
  await send(guard, form);
  ok(guard.url().includes("done=1"), await text(guard, "main"));
  const gate = await t.as("manager", { fresh: true });
  forget("manager");
  await gate.goto("/device");
  const enrol = gate.locator('form[action="/device/enrol"]');
  await fill(enrol, { name: `门卫室 ${unique()}` });
  await send(gate, enrol);
  ok(gate.url().includes("/sign-in"), gate.url());
  equal((await accessible(gate)).join("; "), "");
  const door = gate.locator('form[action="/pin"]');
  await gate.selectOption("#f-person", { value: await gate.locator('#f-person option:not([value=""])').first().getAttribute("value") });
  await gate.fill("#f-pin", "999999");
  await send(gate, door);
  equal(await gate.locator("#f-pin").count(), 1, "a wrong PIN comes back to the PIN:");
  ok((await text(gate, ".error")).match(/PIN/), await text(gate, ".error"));
  await gate.selectOption("#f-person", { value: await gate.locator('#f-person option:not([value=""])').first().getAttribute("value") });
  await gate.fill("#f-pin", "418275");
  await send(gate, door);
  await gate.waitForURL(new RegExp(home));
  await report(gate, {});
  const elsewhere = await t.as(null);
  await elsewhere.goto("/sign-in");
  equal(await elsewhere.locator("#f-pin").count(), 0, "a PIN is asked for on any device:");
  for (const who of ["manager", "guard"]) forget(who); // signed out by enrolling
});
