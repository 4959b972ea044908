// Risk points: entered, graded, controlled, put on the floor plan by a click, printed for the wall.
import { test, both, ok, equal, text, home, unique, fill, send, step, state, photo, report, fits, accessible } from "./lib.mjs";

async function sound(p, where) {
  equal((await fits(p)).join("; "), "", `${where}:`);
  equal((await accessible(p)).join("; "), "", `${where}:`);
}

async function school(p) {
  await p.goto(`${home}/risks`);
  return p.locator("select[name=org] option", { hasText: /Baile Central Primary|白乐中心小学/ }).first().getAttribute("value");
}

async function enter(p, values) {
  await p.goto(`${home}/risk/new?org=${await school(p)}`);
  const form = p.locator("main form.form");
  await fill(form, { title: "配电间 " + unique(), type: "electricity", harm: "触电", ...values });
  await send(p, form);
  ok(/\/risk\/\d+/.test(p.url()), `not at a record: ${p.url()} ${await text(p, "main")}`);
  return new URL(p.url()).pathname;
}

test("a risk point gets its colour from what was entered, and stands in the register", both, async (t) => {
  const p = await t.as("manager");
  const at = await enter(p, { method: "lec", lec_l: "6", lec_e: "6", lec_c: "15" });
  await sound(p, "a risk point");
  ok((await text(p, "main")).includes("540"), "the value is shown");
  const title = (await text(p, "h1")).trim();
  await p.goto(`${home}/risks?org=${await school(p)}`);
  await sound(p, "the register");
  ok((await text(p, ".band-red")).includes(title), "it stands among the red ones");
  equal(await p.locator(".colours .colour").count(), 4, "four colours:");
  await p.goto(at);
  const owner = await p.locator('form[action$="/control"] select[name=responsible] option').nth(1).getAttribute("value");
  await step(p, at, "control", { management: "上锁，专人管理", emergency: "断电，拨打 120", patrol: "daily", responsible: owner });
  equal(await state(p), "controlled");
  await step(p, at, "reidentify", { lec_l: "1", lec_c: "3" });
  await p.goto(`${home}/risks?org=${await school(p)}`);
  ok(!(await text(p, ".band-red")).includes(title), "graded anew it is not red any more");
  await step(p, at, "remove", { comment: "已拆除" });
  equal(await state(p), "removed");
});

test("a hazard that stays is opened as a risk point, filled in with what is known", both, async (t) => {
  const p = await t.as("manager");
  const words = "围墙矮 " + unique();
  const at = await report(p, { description: words, place_text: "池塘边", category: "nature" });
  await step(p, at, "grade", { grade: "general" });
  await step(p, at, "stand", { control: "拉绳警示", comment: "村里的池塘" });
  await p.locator('.ways a[href*="/risk/new?from="]').click();
  const form = p.locator("main form.form");
  equal(await form.locator('[name="title"]').inputValue(), words, "title:");
  equal(await form.locator('[name="place_text"]').inputValue(), "池塘边", "place:");
  equal(await form.locator('[name="type"]').inputValue(), "natural", "kind:");
  await sound(p, "the form");
  await fill(form, { harm: "溺水", method: "ls", ls_l: "3", ls_s: "5" });
  await send(p, form);
  ok((await text(p, "main")).includes("拉绳警示"), "its control did not come along");
  await p.goto(at);
  equal(await p.locator('.ways a[href*="/risk/new?from="]').count(), 0, "asked for a second one:");
  await p.locator("ul.items a", { hasText: words }).first().click();
  ok(/\/risk\/\d+/.test(p.url()), "the hazard does not lead to it");
});

test("a grade without all its inputs is refused beside the question", { windows: ["phone"] }, async (t) => {
  const p = await t.as("manager");
  await p.goto(`${home}/risk/new?org=${await school(p)}`);
  const form = p.locator("main form.form");
  await fill(form, { title: "缺一项 " + unique(), type: "fire", harm: "火灾", method: "ls", ls_l: "3" });
  await send(p, form);
  equal(await p.locator(".field.bad [name=ls_s]").count(), 1, "the question that is missing:");
});

test("a click on the picture puts the risk point on the floor plan, without scripts", both, async (t) => {
  const seeing = await t.as("manager");
  const p = await t.as("manager", { javaScriptEnabled: false });
  const at = await enter(seeing, { method: "ls", ls_l: "2", ls_s: "2" });
  const title = (await text(seeing, "h1")).trim();
  const plan = `${home}/plan?org=${await school(seeing)}`;
  await p.goto(plan);
  const row = p.locator(".pins li", { hasText: title });
  await row.locator("a.button").click();
  await p.waitForLoadState();
  await seeing.goto(p.url());
  await sound(seeing, "asking where");
  const picture = p.locator(".plan input[type=image]");
  await Promise.all([p.waitForNavigation(), picture.click({ position: { x: 120, y: 90 } })]);
  ok(p.url().includes("done=1"), `the pin was refused: ${await text(p, ".error")}`);
  await p.goto(plan);
  equal(await p.locator(`.plan svg a[href="${at}"]`).count(), 1, "pins of this one:");
  const pin = p.locator(`.plan svg a[href="${at}"] circle`);
  ok(Math.abs(Number(await pin.getAttribute("cx")) - 120) <= 2, "it lies where it was clicked");
  ok(Math.abs(Number(await pin.getAttribute("cy")) - 90) <= 2, "it lies where it was clicked");
  await seeing.goto(plan);
  await sound(seeing, "the plan");
  await seeing.locator(`.plan svg a[href="${at}"]`).focus();
  await seeing.keyboard.press("Enter");
  await seeing.waitForURL((u) => u.pathname === at);
});

test("a place has a floor plan of its own, of any shape", { windows: ["phone"], langs: ["zh"] }, async (t) => {
  const p = await t.as("manager");
  await p.goto(`${home}/place`);
  const place = await p.locator(".list tbody th a, main .item a", { hasText: "校门" }).first().getAttribute("href");
  await step(p, place, "edit", { plan: photo("tall.png", 300, 600) });
  const id = place.match(/\d+$/)[0];
  const at = await enter(p, { method: "ls", ls_l: "2", ls_s: "2", place: id });
  const title = (await text(p, "h1")).trim();
  await p.goto(`${home}/plan?place=${id}`);
  await sound(p, "the plan of a place");
  equal(await p.locator(".plan svg").getAttribute("viewBox"), "0 0 1000 2000");
  await p.locator(".pins li", { hasText: title }).locator("a.button").click();
  await p.waitForLoadState();
  await Promise.all([p.waitForNavigation(), p.locator(".plan input[type=image]").click({ position: { x: 300, y: 1700 } })]);
  ok(p.url().includes("done=1"), await text(p, ".error"));
  await p.goto(`${home}/plan?place=${id}`);
  const y = Number(await p.locator(`.plan svg a[href="${at}"] circle`).getAttribute("cy"));
  ok(Math.abs(y - 1700) <= 2, `it lies at ${y}`);
});

test("a school's own people set its plan and telephone", { windows: ["wide"], langs: ["en"] }, async (t) => {
  const p = await t.as("manager");
  const org = await school(p);
  await step(p, `${home}/org/${org}`, "plan", { phone: "0000-1111111" });
  ok((await text(p, "main")).includes("0000-1111111"), "the telephone");
  const teacher = await t.as("teacher");
  await teacher.goto(`${home}/org/${org}`);
  equal(await teacher.locator('form[action$="/plan"]').count(), 0, "a teacher is not asked:");
});

test("the notice for the wall is a sheet of paper", { windows: ["wide"], langs: ["en", "zh"] }, async (t) => {
  const p = await t.as("teacher");
  await p.goto(`${home}/risk?grade=major`);
  const at = await p.locator(".list tbody th a, main .item a").first().getAttribute("href");
  const pdf = await p.request.get(`${at}/paper`);
  equal(pdf.headers()["content-type"], "application/pdf");
  ok((await pdf.body()).subarray(0, 5).toString() === "%PDF-", "no PDF");
});

test("open hazards at the place of a risk point stand on its page", { windows: ["phone"] }, async (t) => {
  const p = await t.as("manager");
  const org = await school(p);
  await p.goto(`${home}/hazard/new?org=${org}`);
  const form = p.locator("main form.form");
  const what = "积油 " + unique();
  const place = await form.locator("select[name=place] option", { hasText: /Kitchen|操作间/ }).first().getAttribute("value");
  await fill(form, { description: what, place });
  await send(p, form);
  await p.goto(`${home}/risk?grade=major&org=${org}`);
  await p.goto(await p.locator(".list tbody th a, main .item a", { hasText: "燃气" }).first().getAttribute("href"));
  ok((await text(p, "main")).includes(what), "the hazard is not there");
  await sound(p, "a risk point with hazards");
});

test("another school sees neither the plan nor its risk points", { windows: ["wide"] }, async (t) => {
  const p = await t.as("manager");
  const org = await school(p);
  const other = await t.as("middle");
  for (const path of [`${home}/plan?org=${org}`, `${home}/risks?org=${org}`]) {
    const answer = await other.goto(path);
    ok(answer.status() === 403 || answer.status() === 404, `${path}: ${answer.status()}`);
  }
});
