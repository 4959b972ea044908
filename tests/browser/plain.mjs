// Without JavaScript, on an old phone.
import { test, both, once, ok, equal, signIn, text, home, password, fill, send, state, photo, unique, day, base } from "./lib.mjs";

test("without JavaScript one signs in, reports, steps, lists", { windows: ["phone"], langs: ["en", "zh"] }, async (t) => {
  const p = await t.as(null, { javaScriptEnabled: false });
  await p.goto("/sign-in");
  await p.fill("#f-login", "manager");
  await p.fill("#f-password", password);
  await p.click('form:has(#f-login) button[type="submit"]:not([name="fill"])');
  await p.waitForURL(new RegExp(home));
  const words = "无脚本 " + unique();
  await p.goto(`${home}/hazard/new`);
  await p.fill('[name="description"]', words);
  await p.fill('[name="place_text"]', "后门");
  await p.setInputFiles('[name="photos_before"]', photo());
  await Promise.all([p.waitForURL(/hazard\/\d+/), p.click('main form.form button[type="submit"]:not([name="fill"])')]);
  const box = p.locator('details.step:has(form[action$="/assign"])');
  await box.locator("summary").first().click();
  await box.locator('[name="measures"]').fill("修");
  await box.locator('[name="responsible_unit"]').fill("总务处");
  await box.locator('[name="deadline"]').fill(day(4));
  await Promise.all([p.waitForURL(/done=1/), box.locator('button[type="submit"]:not([name="fill"])').click()]);
  ok((await p.locator(".s-rectifying").count()) > 0);
  await p.goto(`${home}/hazard?q=${encodeURIComponent(words)}`);
  equal(await p.locator(".list tbody tr").count(), 1);
  ok((await p.locator('img[loading="lazy"]').count()) === 0);
});

test("without JavaScript another language keeps what was typed and the photograph", { windows: ["phone"] }, async (t) => {
  const p = await t.as("manager", { javaScriptEnabled: false });
  const words = "换语言 " + unique();
  await p.goto(`${home}/hazard/new`);
  await p.fill('[name="description"]', words);
  await p.setInputFiles('[name="photos_before"]', photo());
  const other = async (form) => Promise.all([p.waitForNavigation(), form.locator('button[name="fill"]').click()]);
  const lang = () => p.locator("html").getAttribute("lang");
  const before = await lang();
  await other(p.locator("main form.form"));
  ok((await lang()) !== before, "the language stayed");
  equal(await p.inputValue('[name="description"]'), words);
  equal(await p.locator(".kept input").count(), 1, "its photograph:");
  equal(await p.locator(".field.bad").count(), 0, "what is said to be wrong:");
  await p.fill('[name="place_text"]', "后门");
  await Promise.all([p.waitForURL(/hazard\/\d+/), p.click('main form.form button.primary')]);
  equal(await p.locator(".photos img").count(), 1);
  const step = p.locator('details.step:has(form[action$="/assign"])');
  await step.locator("summary").first().click();
  await step.locator('[name="measures"]').fill(words);
  await other(step);
  equal(await lang(), before, "back again:");
  equal(await p.locator('form[action$="/assign"] [name="measures"]').inputValue(), words, "in a step:");
  await p.goto(`${home}/hazard/round`);
  await p.fill('[name="description.1"]', words);
  await other(p.locator("main form.form"));
  equal(await p.inputValue('[name="description.1"]'), words, "in a round:");
});

test("the first page weighs at most 60 KB on the wire, the board too", { windows: ["phone"] }, async (t) => {
  for (const [who, at] of [[null, "/sign-in"], ["manager", home], ["teacher", `${home}/hazard/new`]]) {
    const signed = await t.as(who);
    const c = await t.context();
    await c.addCookies(await signed.context().cookies());
    const p = await c.newPage();
    const cdp = await c.newCDPSession(p);
    let bytes = 0;
    await cdp.send("Network.enable");
    cdp.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
    await p.goto(base + at, { waitUntil: "networkidle" });
    ok(bytes > 500 && bytes <= 60 * 1024, `${at}: ${bytes} bytes`);
  }
});
