// Input that means harm, and input that only is strange.
import { openSync, writeSync, ftruncateSync, closeSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, both, once, ok, equal, report, text, home, base, unique, fits, step } from "./lib.mjs";

test("script, long words, emoji and right-to-left text are only text", async (t) => {
  const p = await t.as("teacher");
  const hostile = [
    `<script>document.title="owned"</script><img src=x onerror="document.title='owned'"> ${unique()}`,
    `"><svg onload=alert(1)>' onmouseover='x ${unique()}`,
    `😀🧯👩‍🏫 ${unique()}`,
    `مرحبا ‮gnirts ${unique()}`,
    "长".repeat(400) + "w".repeat(800),
  ];
  for (const words of hostile) {
    const at = await report(p, { description: words, place_text: words.slice(0, 60) });
    ok(!(await p.title()).startsWith("owned"));
    const shown = await text(p, "main"); // a mark that turns the line is not kept
    ok(shown.includes(words.replaceAll("\u202e", "").slice(0, 12)), "the text is not shown");
    ok(!shown.includes("\u202e"), "the line is turned");
    const bad = (await fits(p)).filter((b) => b.startsWith("scrolls"));
    equal(bad.join(), "");
    await p.goto(`${home}/hazard?q=${encodeURIComponent(words.slice(0, 200))}`);
    equal((await fits(p)).filter((b) => b.startsWith("scrolls")).join(), "", at);
  }
});

test("10,000 characters get a clear message and are not lost", once, async (t) => {
  const p = await t.as("teacher");
  await p.goto(`${home}/hazard/new`);
  await p.fill('[name="place_text"]', "门口");
  await p.evaluate(() => (document.querySelector('[name="description"]').removeAttribute("maxlength")));
  await p.fill('[name="description"]', "字".repeat(10000));
  const [answer] = await Promise.all([p.waitForNavigation(), p.locator('main form.form button[type="submit"]').click()]);
  ok([400, 413, 422].includes(answer.status()), String(answer.status()));
  ok((await text(p, ".error")).length > 5);
  equal((await p.inputValue('[name="description"]')).length, 10000);
});

test("a record that is not there, or not one's own, is not found", once, async (t) => {
  const middle = await t.as("middle"), manager = await t.as("manager");
  const at = await report(middle, {});
  for (const where of [at, `${at}/proof`, `${home}/hazard/1`, `${home}/hazard/99999999999999999999`, `${home}/nothing`, "/t/other/hazard", `${home}/file/1`])
    equal((await manager.goto(where)).status(), 404, where);
  const id = at.match(/\d+$/)[0];
  await manager.goto(`${home}/hazard?q=${id}`);
  ok(!(await manager.content()).includes(at), "another school's record stands in the list");
  const r = await manager.request.post(`${at}/control`, { form: { control: "x" } });
  ok(r.status() >= 400, "another school's record was stepped");
  for (const kind of ["csv", "xlsx", "pdf"]) equal((await manager.request.get(`${home}/hazard.${kind}`)).status(), 200, kind);
  ok(!(await (await manager.request.get(`${home}/hazard.csv`)).text()).includes("实验室危化品柜"), "the export holds another school's hazard");
});

test("a form without its token is refused", once, async (t) => {
  const p = await t.as("teacher");
  await p.goto(`${home}/hazard/new`);
  await p.fill('[name="description"]', "无令牌");
  await p.fill('[name="place_text"]', "门口");
  await p.evaluate(() => (document.querySelector('[name="csrf"]').value = "0".repeat(64)));
  const [answer] = await Promise.all([p.waitForNavigation(), p.locator('main form.form button[type="submit"]').click()]);
  ok(answer.status() >= 400, String(answer.status()));
});

test("a file that is no photograph is refused with its name, what was typed stays", both, async (t) => {
  const p = await t.as("teacher");
  await p.goto(`${home}/hazard/new`);
  await p.fill('[name="description"]', "带一个程序");
  await p.fill('[name="place_text"]', "门口");
  await p.setInputFiles('[name="photos_before"]', { name: "setup.jpg", mimeType: "image/jpeg", buffer: Buffer.from("MZ this is a program") });
  const [answer] = await Promise.all([p.waitForNavigation(), p.locator('main form.form button[type="submit"]').click()]);
  ok(answer.status() >= 400);
  ok((await text(p, "main")).includes("setup.jpg"));
  equal(await p.inputValue('[name="description"]'), "带一个程序");
});

test("an upload of 50 MB gets a clear page", { windows: ["phone"], langs: ["en", "zh"] }, async (t) => {
  const p = await t.as("teacher");
  const dir = mkdtempSync(join(tmpdir(), "big-"));
  const path = join(dir, "film.pdf");
  const f = openSync(path, "w");
  writeSync(f, "%PDF-1.4\n");
  ftruncateSync(f, 50 * 1024 * 1024);
  closeSync(f);
  try {
    await p.goto(`${home}/hazard/new`);
    await p.fill('[name="description"]', "很大");
    await p.fill('[name="place_text"]', "门口");
    await p.setInputFiles('[name="photos_before"]', path);
    const [answer] = await Promise.all([p.waitForNavigation({ timeout: 30000 }), p.locator('main form.form button[type="submit"]').click()]);
    equal(answer.status(), 413);
    ok((await text(p, ".error")).length > 4, await text(p, "body"));
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("hostile addresses do no harm", once, async (t) => {
  const p = await t.as("teacher");
  for (const at of [`${home}/hazard?q=${encodeURIComponent("' OR 1=1 --")}`, `${home}/hazard?state=%00`, `${home}/hazard?after=zzz&key=-1`, `${home}/hazard?org=1&org=2`, `/sign-in?to=${encodeURIComponent("//evil.example/")}`, `${home}/hazard?q=${"a".repeat(4000)}`, `/static/..%2f..%2fetc%2fpasswd`]) {
    const s = (await p.request.get(base + at, { maxRedirects: 0 })).status();
    ok(s < 500, `${at}: ${s}`);
  }
});
