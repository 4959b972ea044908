// Daily practice: a round in one form, acceptances in one go, and the door for everybody.
import { test, both, ok, equal, text, photo, home, code, unique, fill, send, report, step, state, fits, accessible } from "./lib.mjs";

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

test("more rows lose nothing that was typed", { windows: ["phone"] }, async (t) => {
  const p = await t.as("manager", { javaScriptEnabled: false });
  await p.goto(`${home}/hazard/round`);
  const before = await p.locator("fieldset").count();
  await p.fill('[name="description.1"]', "写到一半");
  await Promise.all([p.waitForNavigation(), p.locator('button[value="more"]').click()]);
  ok((await p.locator("fieldset").count()) > before, "no more rows");
  equal(await p.inputValue('[name="description.1"]'), "写到一半");
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
  for (const mark of marks) await p.locator(`.pick:has-text("${mark}") input[name="pick"]`).check();
  await send(p, p.locator("main form.form"));
  ok(/2/.test(await text(p, ".flash")), await text(p, "main"));
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
