// Messages: set up, tested, read about, turned off; texts and pictures for chats.
import { readFileSync } from "node:fs";
import { accessible, base, both, equal, fits, home, ok, report, send, fill, test, text, unique } from "./lib.mjs";

const zh = (t) => t.lang === "zh";
const messages = `${home}/messages`;
const robot = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=";

async function good(p, where) {
  equal((await fits(p)).join("; "), "", where);
  equal((await accessible(p)).join("; "), "", where);
}

async function settled(p, name) {
  for (let i = 0; i < 30; i++) {
    await p.goto(messages);
    const first = p.locator(".deliveries").last().locator("li", { hasText: name }).first();
    if ((await first.count()) && !(await first.locator(".s-planned").count())) return first;
    await p.waitForTimeout(200);
  }
  throw new Error("the message is still under way");
}

test("the office adds a robot, tests it and sees that it arrived", both, async (t) => {
  const p = await t.as("office");
  await p.context().addCookies([{ name: "lang", value: t.lang, url: base }]);
  const name = "Group " + unique(), key = `ok${unique().toLowerCase()}`;
  await p.goto(`${home}/setup`);
  await p.click(`a[href="${messages}"]`);
  await good(p, "messages");
  await p.click(`a[href="${messages}/new"]`);
  await good(p, "a robot's form");
  const form = p.locator("form.form");
  const values = { kind: "wecom", unit: await form.locator("select[name=unit] option").nth(1).getAttribute("value"), name };
  await fill(form, { ...values, url: "https://evil.example/robot" });
  await send(p, form);
  ok((await text(p, ".error")).includes("qyapi.weixin.qq.com"), "it says what an address looks like");
  equal(await form.locator("[name=name]").inputValue(), name, "what was typed is there");
  await fill(form, { ...values, url: robot + key });
  await send(p, form);
  const row = p.locator(".deliveries").first().locator("li", { hasText: name });
  ok(!(await p.content()).includes(key), "the address is not shown");
  await Promise.all([p.waitForNavigation(), row.locator('button[name="channel"]').click()]);
  ok((await text(p, ".flash")).length > 0, "it says that it goes out");
  const first = await settled(p, name);
  ok((await first.innerText()).includes(name) && (await first.locator(".s-sent").count()), await first.innerText());
  ok(readFileSync(process.env.ANLAN_HELD, "utf8").includes(key), "it arrived");
  await good(p, "the log of messages");
  await row.locator("a.button").click();
  await fill(p.locator("form.form"), { off: true });
  await send(p, p.locator("form.form"));
  equal(await row.locator('button[name="channel"]').count(), 0, "one that is off is not tested");
});

test("what was given up is shown and tried again", async (t) => {
  const p = await t.as("office");
  await p.context().addCookies([{ name: "lang", value: t.lang, url: base }]);
  await p.goto(`${messages}/new`);
  const form = p.locator("form.form"), name = "Group " + unique();
  await fill(form, { kind: "wecom", unit: await form.locator("select[name=unit] option").nth(1).getAttribute("value"), name,
    url: `${robot}redirect&x=${unique().toLowerCase()}` });
  await send(p, form);
  await Promise.all([p.waitForNavigation(), p.locator(".deliveries").first().locator("li", { hasText: name }).locator("button").click()]);
  const first = await settled(p, name);
  ok((await first.innerText()).includes("HTTP 302"), await first.innerText());
  await p.goto(`${messages}?state=dead`);
  const again = p.locator(".deliveries").last().locator("li", { hasText: name }).locator('button[name="id"]');
  await good(p, "dead letters");
  await Promise.all([p.waitForNavigation(), again.click()]);
  ok(p.url().includes("done=4"), p.url());
  await settled(p, name);
});

test("a person chooses hours and kinds", both, async (t) => {
  const p = await t.as("teacher");
  await p.context().addCookies([{ name: "lang", value: t.lang, url: base }]);
  await p.goto("/account");
  await good(p, "the account");
  const form = p.locator('form[action="/account/messages"]');
  ok((await form.locator('input[name="on_overdue"]').count()) === 0, "a duty is not offered");
  await fill(form, { on_news: false, digest_at: "06:40", quiet_from: "20:00" });
  await send(p, form);
  ok((await text(p, ".flash")).includes(zh(t) ? "已保存" : "Saved"), "it is saved");
  equal(await form.locator("[name=digest_at]").inputValue(), "06:40");
  equal(await form.locator("[name=on_news]").isChecked(), false);
  await fill(form, { on_news: true, digest_at: "07:30", quiet_from: "21:00" });
  await send(p, form);
});

test("a record, a list and the board give a text for a chat", both, async (t) => {
  const p = await t.as("manager");
  await p.context().addCookies([{ name: "lang", value: t.lang, url: base }]);
  const at = await report(p, { description: "长".repeat(300) });
  for (const path of [at, `${home}/hazard`, home]) {
    await p.goto(path);
    const box = p.locator("details.chat");
    await box.locator("summary").click();
    const words = await box.locator("textarea").inputValue();
    const link = words.split("\n").at(-1);
    ok(words.length - link.length - 1 <= 200, `${path}: at most 200 characters: ${words}`);
    equal(new URL(link).pathname, path, "a link of its own");
    const button = box.locator("button");
    await button.click();
    equal(await button.innerText(), zh(t) ? "已复制" : "Copied");
    if (path !== home) await good(p, path);
  }
  await p.goto(at);
  await p.locator("details.chat summary").click();
  const picture = await p.request.get(await p.locator("details.chat a").getAttribute("href"));
  equal(picture.headers()["content-type"], "image/png");
});
