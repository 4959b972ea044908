// The life of a general hazard, each step as the person whose step it is.
import { test, both, once, ok, equal, report, step, state, offers, text, photo, home, day, unique, stepForm, fill, send, fits, base, forget } from "./lib.mjs";

test("a teacher reports a hazard with a photograph in three screens and eight taps", both, async (t) => {
  const p = await t.as("teacher");
  let taps = 0, screens = 1;
  const tap = async (where) => { taps++; await where.click(); };
  await p.goto(home);
  await tap(p.locator('.actions a[href$="/hazard/new"], .actions a[href*="/hazard/new?"]').first());
  await p.waitForURL(/hazard\/new/);
  screens++;
  const words = "走廊积水 " + unique();
  await tap(p.locator('[name="description"]'));
  await p.keyboard.type(words);
  await tap(p.locator('[name="place_text"]'));
  await p.keyboard.type("一楼走廊");
  taps++; /* the camera or the album */
  await p.setInputFiles('[name="photos_before"]', photo("走廊.png"));
  await p.waitForSelector(".previews img");
  await Promise.all([p.waitForURL(/hazard\/\d+/), tap(p.locator('main form.form button[type="submit"]'))]);
  screens++;
  ok(taps <= 8 && screens <= 3, `${taps} taps, ${screens} screens`);
  equal(await text(p, "h1"), words);
  const img = p.locator(".photos img").first();
  await img.scrollIntoViewIfNeeded();
  await p.waitForFunction(() => { const i = document.querySelector(".photos img"); return i.complete && i.naturalWidth > 0; });
  equal(await state(p), "reported");
});

test("a large photograph is made small before it is sent", once, async (t) => {
  const p = await t.as("teacher");
  await p.goto(`${home}/hazard/new`);
  await p.setInputFiles('[name="photos_before"]', photo("large.png", 2400, 1800));
  await p.waitForSelector(".previews img");
  const size = await p.evaluate(() => document.querySelector('[name="photos_before"]').files[0].size);
  ok(size < 2e6, `${size} bytes`);
});

test("a general hazard is reported, assigned, submitted, accepted by another, closed", async (t) => {
  const teacher = await t.as("teacher"), manager = await t.as("manager");
  const at = await report(teacher, { photos_before: photo() });
  ok(!(await offers(teacher, "assign")), "a teacher may assign");
  await manager.goto(at);
  const who = await manager.locator('form[action$="/assign"] [name="responsible"] option', { hasText: "Qian" }).getAttribute("value");
  await step(manager, at, "assign", { measures: "换灯", responsible: who, deadline: day(5) });
  equal(await state(manager), "rectifying");
  const logistics = await t.as("logistics");
  await logistics.goto(home);
  ok((await text(logistics, "main")).includes(await text(teacher, "h1")), "the board of the responsible person does not show it");
  await step(logistics, at, "submit", { situation: "换好了", photos_after: photo("after.png") });
  equal(await state(logistics), "submitted");
  const principal = await t.as("principal");
  await principal.goto(at);
  equal(await principal.locator(".photos img").count(), 2, "photographs before and after:");
  await step(principal, at, "accept", { opinion: "看过，合格" });
  equal(await state(principal), "closed");
});

test("who rectified a hazard cannot accept it", once, async (t) => {
  const m = await t.as("manager");
  const at = await report(m, {});
  await step(m, at, "assign", { measures: "修", responsible_unit: "总务处", deadline: day(3) });
  await step(m, at, "submit", { situation: "修好了" });
  await m.goto(at);
  ok(!(await offers(m, "accept")) && !(await offers(m, "reject")), "the manager may accept the own work");
  const p = await t.as("principal");
  await p.goto(at);
  ok(await offers(p, "accept"));
});

test("rejected work returns to who does it, with the reason", once, async (t) => {
  const m = await t.as("manager"), p = await t.as("principal");
  const at = await report(m, {});
  await step(m, at, "assign", { measures: "修", responsible_unit: "总务处", deadline: day(3) });
  await step(m, at, "submit", { situation: "修好了" });
  await step(p, at, "reject", { comment: "螺丝还松" });
  equal(await state(p), "rectifying");
  ok((await text(p, ".history")).includes("螺丝还松"));
});

test("more time is asked for and granted by the principal", once, async (t) => {
  const m = await t.as("manager"), p = await t.as("principal");
  const at = await report(m, {});
  await step(m, at, "assign", { measures: "修", responsible_unit: "总务处", deadline: day(3) });
  await step(m, at, "ask_extension", { ext_day: day(9), ext_reason: "缺材料" });
  await m.goto(at);
  ok(!(await offers(m, "grant_extension")), "the manager may grant it");
  await step(p, at, "grant_extension", {});
  ok((await text(p, "main")).includes(day(9)), "the new deadline is not shown");
});

test("a closed hazard is re-opened with a reason", once, async (t) => {
  const m = await t.as("manager"), p = await t.as("principal");
  const at = await report(m, {});
  await step(m, at, "assign", { measures: "修", responsible_unit: "总务处", deadline: day(3) });
  await step(m, at, "submit", { situation: "修好了" });
  await step(p, at, "accept", { opinion: "可" });
  await step(p, at, "reopen", { comment: "又坏了", deadline: day(6) });
  equal(await state(p), "rectifying");
});

test("a hazard is fixed on the spot in one step and confirmed by somebody else", async (t) => {
  const teacher = await t.as("teacher");
  const at = await report(teacher, {});
  await step(teacher, at, "fix", { situation: "当场拧紧", photos_after: photo("after.png") });
  equal(await state(teacher), "submitted");
  ok(!(await offers(teacher, "accept")));
  const m = await t.as("manager");
  await step(m, at, "accept", { opinion: "好" });
  equal(await state(m), "closed");
});

test("a duplicate is marked, the reporter objects", once, async (t) => {
  const g = await t.as("guard"), m = await t.as("manager");
  const place = await m.goto(`${home}/hazard/new`).then(() => m.locator('[name="place"] option').nth(1).getAttribute("value"));
  const first = await report(g, { place, category: "traffic" }), second = await report(g, { place, category: "traffic" });
  const form = stepForm(m, "duplicate");
  await m.goto(first);
  const no = await text(m, "main .no");
  await m.goto(second);
  await m.locator('details.step:has(form[action$="/duplicate"]) summary').first().click();
  await fill(form, { comment: "同一处", duplicate_of: "no such number" });
  await send(m, form);
  ok(/lists show it|列表中显示/.test(await text(m, 'details.step[open] .field.bad .error')), "an unknown number is not explained");
  equal(await form.locator('[name="duplicate_of"]').inputValue(), "no such number");
  await form.locator(`.suggest button:has-text("${no}")`).click();
  equal(await form.locator('[name="duplicate_of"]').inputValue(), no);
  equal((await fits(m)).join(), "");
  await send(m, form);
  equal(await state(m), "duplicate");
  await step(g, second, "object", { comment: "不是同一处" });
  equal(await state(g), "reported");
  await m.goto(second);
  ok(!(await offers(m, "duplicate")) && !(await offers(m, "not_hazard")) && (await offers(m, "assign")), "the same manager decides again");
  ok(/somebody else/i.test(await text(m, "main .hint")), await text(m, "main"));
  const head = await t.as("principal");
  await head.goto(second);
  ok(await offers(head, "not_hazard"), "nobody else may decide");
});

test("a hazard of another office is referred and its answer entered", once, async (t) => {
  const m = await t.as("manager");
  const at = await report(m, {});
  await step(m, at, "refer", { referred_to: "供电所", control: "围挡" });
  equal(await state(m), "referred");
  await step(m, at, "answer", { referral_answer: "下周来换" });
  await step(m, at, "take_back", {});
  equal(await state(m), "graded");
});

test("a standing hazard is looked at again and again", once, async (t) => {
  const m = await t.as("manager");
  const at = await report(m, {});
  await step(m, at, "grade", { grade: "general" });
  await step(m, at, "stand", { control: "警示牌", comment: "水塘" });
  equal(await state(m), "standing");
  await step(m, at, "recheck", { comment: "牌子还在" });
  equal(await state(m), "standing");
});

test("making safe is possible from the first minute, for every staff member", async (t) => {
  const teacher = await t.as("teacher");
  const at = await report(teacher, {});
  const g = await t.as("guard");
  await step(g, at, "control", { control: "拉了警戒线", in_use: "stopped" });
  ok((await text(g, "main")).includes("拉了警戒线"));
  equal(await state(g), "reported");
});

test("of two people who step the same record the second sees what changed", async (t) => {
  const m = await t.as("manager"), p = await t.as("principal");
  const at = await report(m, {});
  await m.goto(at);
  await p.goto(at);
  await step(p, at, "control", { control: "先停用", in_use: "stopped" });
  const box = m.locator('details.step:has(form[action$="/assign"])');
  await box.locator("summary").first().click();
  await fill(box, { measures: "长长的措施", responsible_unit: "总务处", deadline: day(3) });
  const [answer] = await Promise.all([m.waitForNavigation(), box.locator('button[type="submit"]').click()]);
  equal(answer.status(), 409);
  ok((await m.locator('.error[role="alert"]').count()) > 0);
  ok((await text(m, ".history .fresh")).length > 0, "what changed is not marked");
  equal(await m.locator('form[action$="/assign"] [name="measures"]').inputValue(), "长长的措施", "what was typed:");
  await send(m, m.locator('form[action$="/assign"]'));
  equal(await state(m), "rectifying");
});

test("a rejected form keeps what was typed and says beside the question what is wrong", both, async (t) => {
  const p = await t.as("teacher");
  await p.goto(`${home}/hazard/new`);
  await p.fill('[name="description"]', "没有写地点");
  await p.selectOption('[name="category"]', "fire");
  const [answer] = await Promise.all([p.waitForNavigation(), p.locator('main form.form button[type="submit"]').click()]);
  equal(answer.status(), 422);
  equal(await p.inputValue('[name="description"]'), "没有写地点");
  equal(await p.inputValue('[name="category"]'), "fire");
  ok((await text(p, '.field.bad:has([name="place_text"]) .error')).length > 0, "nothing beside the question");
  await p.fill('[name="place_text"]', "大厅");
  await send(p, p.locator("main form.form"));
  ok(/hazard\/\d+/.test(p.url()));
  const m = await t.as("manager");
  await m.goto(new URL(p.url()).pathname);
  await step(m, null, "assign", { measures: "就这样", deadline: day(2) }, null);
  const box = m.locator('details.step[open]:has(form[action$="/assign"])');
  ok((await box.count()) === 1, "the form of the step is not open");
  equal(await box.locator('[name="measures"]').inputValue(), "就这样");
  ok((await text(m, '.field.bad:has([name="responsible"]) .error')).length > 0);
});

test("a session that ends in mid-form loses neither words nor photographs", both, async (t) => {
  const p = await t.as("teacher", { fresh: true });
  const words = "没有丢的字 <b>&=+% " + unique();
  await p.goto(`${home}/hazard/new`);
  await fill(p.locator("form.form"), { description: words, place_text: "楼梯 & 走廊", category: "fire", photos_before: photo("灯.png", 400, 300) });
  const lang = (await p.context().cookies()).filter((c) => c.name === "lang");
  await p.context().clearCookies();
  await p.context().addCookies(lang.length ? lang : [{ name: "lang", value: t.lang, url: base }]);
  await send(p, p.locator("form.form"));
  ok((await p.locator("#f-login").count()) === 1, "not at the door");
  ok((await text(p, ".lacks")).length > 10, "the door does not say that the words are kept");
  equal((await fits(p)).join(), "");
  await p.fill("#f-login", "teacher");
  await p.fill("#f-password", "wrong password");
  await p.click('form:has(#f-login) button[type="submit"]');
  await p.waitForSelector(".error");
  await p.fill("#f-login", "teacher");
  await p.fill("#f-password", "anlan-example");
  await p.click('form:has(#f-login) button[type="submit"]');
  await p.waitForSelector('[name="description"]');
  equal(await p.locator('[name="description"]').inputValue(), words);
  equal(await p.locator('[name="place_text"]').inputValue(), "楼梯 & 走廊");
  equal(await p.locator('[name="category"]').inputValue(), "fire");
  await p.waitForSelector(".previews img");
  await send(p, p.locator("form.form"));
  ok(/hazard\/\d+/.test(p.url()), p.url());
  equal((await text(p, "h1")), words);
  equal(await p.locator(".photos img").count(), 1, "the photograph that was chosen:");
  await p.waitForFunction(() => sessionStorage.getItem("anlan-later") === null);
  await p.goto(home);
  await p.waitForFunction(async () => !(await indexedDB.databases()).some((x) => x.name === "anlan-later"));
  forget("teacher");
});

test("another language keeps what was typed", async (t) => {
  const p = await t.as("manager");
  const words = "换语言也在 " + unique();
  await p.goto(`${home}/hazard/new`);
  await fill(p.locator("form.form"), { description: words, category: "food", found_on: "2026-01-05" });
  await Promise.all([p.waitForNavigation(), p.click("form.lang button")]);
  equal(await p.locator('[name="description"]').inputValue(), words);
  equal(await p.locator('[name="category"]').inputValue(), "food");
  equal(await p.locator('[name="found_on"]').inputValue(), "2026-01-05");
  await send(p, p.locator("form.form")); // refused: no place
  ok((await p.locator(".field.bad").count()) > 0, "not refused");
  await Promise.all([p.waitForNavigation(), p.click("form.lang button")]);
  equal(await p.locator('[name="description"]').inputValue(), words, "after a refused form:");
  const at = await report(p, {});
  await p.goto(`${at}?step=assign`);
  await fill(stepForm(p, "assign"), { measures: words });
  await Promise.all([p.waitForNavigation(), p.click("form.lang button")]);
  equal(await stepForm(p, "assign").locator('[name="measures"]').inputValue(), words, "in a step:");
});

test("going back and sending again leads to the record already made", { windows: ["phone"] }, async (t) => {
  for (const change of [false, true]) {
    const p = await t.as("manager");
    const words = "只有一条 " + unique();
    await p.goto(`${home}/hazard/new`);
    await fill(p.locator("form.form"), { description: words, place_text: "门口" });
    await send(p, p.locator("form.form"));
    const first = new URL(p.url()).pathname;
    await p.goBack();
    await fill(p.locator("form.form"), { description: words + (change ? " 再说一句" : ""), place_text: "门口" });
    await send(p, p.locator("form.form"));
    equal(new URL(p.url()).pathname, first, change ? "with other words:" : "with the same words:");
    ok(!change || (await text(p, ".flash")).length > 20, "nothing is said about it");
    await p.goto(`${home}/hazard?q=${encodeURIComponent(words)}`);
    equal(await p.locator(".list tbody tr").count(), 1);
  }
});

test("back, forward, reload and a double tap after a sent form do no harm", once, async (t) => {
  const p = await t.as("teacher");
  const words = "只报一次 " + unique();
  await p.goto(`${home}/hazard/new`);
  await fill(p.locator("form.form"), { description: words, place_text: "门口" });
  const made = await p.evaluate(async () => {
    const f = document.querySelector("form.form"), d = new FormData(f);
    const all = await Promise.all([1, 2, 3].map(() => fetch(f.action, { method: "POST", body: d })));
    return all.map((r) => new URL(r.url).pathname);
  });
  equal(new Set(made).size, 1, "one form sent three times:");
  await send(p, p.locator("form.form"));
  equal(new URL(p.url()).pathname, made[0]);
  await p.goBack();
  await p.goForward();
  await p.reload();
  await p.goto(`${home}/hazard?q=${encodeURIComponent(words)}`);
  equal(await p.locator(".list tbody tr").count(), 1);
});
