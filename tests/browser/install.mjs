// From an empty folder to the first closed hazard: no example, and after `init`
// nothing but a browser.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test, both, ok, equal, text, fits, accessible, fill, send, state, step, day, photo, unique } from "./lib.mjs";

const password = "four words are good";

/* A server on what `init` made; what() has its address and the first link. */
async function installed(what) {
  const folder = mkdtempSync(join(tmpdir(), "anlan-install-"));
  let server;
  try {
    const said = execFileSync(process.env.ANLAN_EXE, ["init", "--data", join(folder, "d"), "--code", "east", "--name", "East District",
      "--name-zh", "东区学区", "--origin", "east.example/log"], { encoding: "utf8" });
    server = spawn(process.env.ANLAN_EXE, ["serve", "--data", join(folder, "d"), "--port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
    const base = await new Promise((done, no) => {
      createInterface({ input: server.stderr }).on("line", (line) => {
        const at = line.match(/serving on (http:\S+)/);
        if (at) done(at[1]);
      });
      server.on("exit", () => no(new Error("the server did not start")));
    });
    await what(base, new URL(said.match(/https?:\S+\/once\/\w+/)[0]).pathname);
  } finally {
    if (server && server.exitCode === null) {
      server.removeAllListeners("exit");
      await new Promise((done) => server.once("exit", done).kill());
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

async function looks(p) {
  equal([...(await fits(p)), ...(await accessible(p))].join("; "), "", p.url());
}

/* Open a one-time link, choose a password, be in. */
async function enter(t, base, link, login, look) {
  const p = await t.as(null, { baseURL: base });
  await p.goto(link);
  ok((await text(p, "main")).includes(login), "the page of the link does not name the sign-in name");
  if (look) await looks(p);
  const field = p.locator("#f-password");
  await field.fill(password);
  await p.locator("#f-password + label").click();
  equal(await field.getAttribute("type"), "text", "the password can be looked at:");
  await send(p, p.locator("main form.form"));
  equal(new URL(p.url()).pathname, "/t/east", await text(p, "main"));
  ok(/Your password is set|密码已设好/.test(await text(p, ".flash")), "it does not say that it is done");
  return p;
}

/* A way of the page: a button or a link by its address. */
async function follow(p, to) {
  const way = p.locator(`main a[href*="${to}"]`).first();
  ok(await way.count(), `no way to ${to} from ${p.url()}: ${await text(p, "main")}`);
  await Promise.all([p.waitForNavigation(), way.click()]);
}

async function save(p, values) {
  await fill(p.locator("main form.form"), values);
  await send(p, p.locator("main form.form"));
  ok(p.url().includes("done=1"), await text(p, "main"));
}

/* From the school's page: a person, the post, the link. */
async function appoint(p, school, [name, login, role], look) {
  await p.goto(school);
  await follow(p, "/person/new?org=");
  if (look) await looks(p);
  await save(p, { name, login });
  await follow(p, "/post/new?from=");
  const chosen = await p.locator('[name="person"] option:checked').innerText();
  ok(chosen.startsWith(name), `the form of the post is not about ${name}: ${chosen}`);
  if (look) await looks(p);
  await save(p, { role });
  await follow(p, "/person/");
  if (look) await looks(p);
  await send(p, p.locator("#s-link"));
  if (look) await looks(p);
  ok((await text(p, "main")).includes(login), "the page of a new link does not say whose it is");
  equal(await p.locator(".qrbox svg").count(), 1, "QR codes of the link:");
  ok(await p.locator("textarea[data-copy] + button").isVisible(), "the link cannot be copied");
  return new URL(await p.locator("textarea[data-copy]").inputValue()).pathname;
}

// a whole day's work of six people
test("a browser alone leads from an empty folder to the first closed hazard", { ...both, seconds: 240 }, (t) => installed(async (base, first) => {
  const look = t.window === "phone";
  const admin = await enter(t, base, first, "admin", look);
  if (look) await looks(admin);
  await follow(admin, "/org/new");
  if (look) await looks(admin);
  await save(admin, { name_zh: "白乐中心小学", name_en: "Baile Central Primary", kind: "central_primary", code: "BLZX" });
  const school = new URL(admin.url()).pathname;
  await follow(admin, "/place/new?org=");
  await save(admin, { name_zh: "教学楼", name_en: "Teaching block", kind: "building" });
  const links = {};
  for (const one of [["王芳", "wang", "principal"], ["李强", "li", "safety_manager"], ["赵平", "zhao", "staff"]])
    links[one[1]] = await appoint(admin, school, one, look && one[1] === "wang");
  const teacher = await enter(t, base, links.zhao, "zhao"), manager = await enter(t, base, links.li, "li");
  const head = await enter(t, base, links.wang, "wang");

  await teacher.goto("/t/east/hazard");
  await follow(teacher, "/hazard/new");
  const words = "走廊的灯坏了 " + unique();
  await fill(teacher.locator("main form.form"), { description: words, photos_before: photo() });
  await teacher.selectOption('[name="place"]', { index: 1 });
  await send(teacher, teacher.locator("main form.form"));
  ok(/hazard\/\d+/.test(teacher.url()), await text(teacher, "main"));
  const at = new URL(teacher.url()).pathname;

  await manager.goto("/t/east");
  ok((await text(manager, ".groups")).includes(words), "the safety manager's board does not show it");
  await manager.goto(at);
  const who = await manager.locator('form[action$="/assign"] [name="responsible"] option', { hasText: "赵平" }).getAttribute("value");
  await step(manager, at, "assign", { measures: "换灯", responsible: who, deadline: day(5) });
  equal(await state(manager), "rectifying");
  await step(teacher, at, "submit", { situation: "换好了", photos_after: photo("after.png") });
  await step(head, at, "accept", { opinion: "看过，合格" });
  equal(await state(head), "closed");
  if (look) await looks(head);
  await admin.goto("/t/east");
  ok(!/没有岗位|没有设密码|no post|no password/.test(await text(admin, "main")), "the board of the administrator still lacks what is there");
}));
