// Signing in and out, passwords, languages.
import { test, both, once, ok, equal, signIn, text, home, base, password, forget, fill } from "./lib.mjs";

test("the page to sign in says what is wrong and keeps the name", both, async (t) => {
  const p = await t.as(null);
  await p.goto("/sign-in");
  await p.fill("#f-login", "teacher");
  await p.fill("#f-password", "not the password");
  await p.click('form:has(#f-login) button[type="submit"]');
  await p.waitForSelector(".error");
  equal(await p.inputValue("#f-login"), "teacher");
  equal((await p.locator("html").getAttribute("lang")).slice(0, 2), t.lang);
});

test("after several failures a browser must wait, another one signs in", once, async (t) => {
  const stranger = await t.as(null);
  let said = "";
  const own = await t.as("lawyer", { fresh: true });
  ok(own.url().includes(home));
  for (let i = 0; i < 9 && !/\d/.test(said); i++) {
    await signIn(stranger, "lawyer", "wrong words " + i);
    said = await text(stranger, ".error");
  }
  ok(/\d+/.test(said), `no word about waiting: ${said}`);
  const other = await own.context().newPage();
  await other.goto("/account");
  await signIn(other, "lawyer");
  ok(other.url().includes(home), "the browser that was here before cannot sign in");
});

test("an address asked for before signing in is shown after it", once, async (t) => {
  const p = await t.as(null);
  await p.goto(`${home}/hazard?sort=due`);
  ok(p.url().includes("/sign-in"));
  await p.fill("#f-login", "doctor");
  await p.fill("#f-password", password);
  await p.click('form:has(#f-login) button[type="submit"]');
  await p.waitForURL(/\/hazard/);
});

test("signing out everywhere ends the other browser's session", once, async (t) => {
  const a = await t.as("duty", { fresh: true }), b = await t.as("duty", { fresh: true });
  await a.goto("/account");
  await a.check('[name="everywhere"]');
  await Promise.all([a.waitForURL(/sign-in/), a.locator('form[action="/sign-out"] button').click()]);
  await b.goto(home);
  ok(b.url().includes("/sign-in"), "the other browser is still signed in");
  forget("duty");
});

test("a password is changed by who knows the old one", once, async (t) => {
  const p = await t.as("canteen", { fresh: true });
  await p.goto("/account");
  const form = p.locator('form[action="/account/password"]');
  await fill(form, { old: "not this one", password: "three calm words" });
  await Promise.all([p.waitForNavigation(), form.locator("button").click()]);
  ok((await p.locator(".error").count()) > 0, "a wrong old password passed");
  await p.goto("/account");
  await fill(form, { old: password, password: "three calm words" });
  await Promise.all([p.waitForURL(/done=2/), form.locator("button").click()]);
  const again = await t.as(null);
  await signIn(again, "canteen");
  ok(again.url().includes("/sign-in"), "the old password still works");
  await signIn(again, "canteen", "three calm words");
  ok(again.url().includes(home));
  forget("canteen");
});

test("a one-time link of the administrator sets a password once", once, async (t) => {
  const p = await t.as("admin");
  await p.goto(`${home}/person?q=${encodeURIComponent("幼儿园安全员")}`);
  await p.goto(await p.locator(".list tbody th a").first().getAttribute("href"));
  const box = p.locator('details.step:has(form[action$="/link"])');
  if ((await box.getAttribute("open")) === null) await box.locator("summary").first().click();
  await Promise.all([p.waitForNavigation(), box.locator("button").click()]);
  const link = (await p.locator("main textarea[readonly]").inputValue()).match(/\/once\/\w+/)[0];
  const q = await t.as(null);
  await q.goto(base + link);
  await q.fill('[name="password"]', "four words are good");
  ok((await text(q, "main")).includes("kindersafe"), "the page does not say the name to sign in with");
  await Promise.all([q.waitForURL(/done=10/), q.locator("main form button").click()]);
  ok(q.url().includes(home), "not signed in afterwards");
  const again = await t.as(null);
  await signIn(again, "kindersafe", "four words are good");
  ok(again.url().includes(home));
  const r = await t.as(null);
  equal((await r.goto(base + link)).ok(), false, "the link works twice:");
});

test("the language chosen stays", async (t) => {
  const p = await t.as("teacher");
  await p.goto(`${home}/hazard`);
  await Promise.all([p.waitForNavigation(), p.click("form.lang button")]);
  equal((await p.locator("html").getAttribute("lang")).slice(0, 2), "zh");
  ok(p.url().includes("/hazard"), "the switch leads elsewhere");
  await p.goto(home);
  equal((await p.locator("html").getAttribute("lang")).slice(0, 2), "zh");
  await Promise.all([p.waitForNavigation(), p.click("form.lang button")]);
  equal((await p.locator("html").getAttribute("lang")).slice(0, 2), "en");
});
