// Photographs: not lost with a refused form, shown small, looked at large, saved as they were sent.
import { readFileSync } from "node:fs";
import { test, both, ok, equal, text, photo, home, unique, send, fits, accessible } from "./lib.mjs";

const sample = (name, mimeType) => ({ name, mimeType, buffer: readFileSync(new URL(`../data/pictures/${name}`, import.meta.url)) });

async function seen(p, selector) {
  return p.locator(selector).first().evaluate(async (x) => {
    await x.decode();
    return [x.naturalWidth, x.naturalHeight];
  });
}

// On the telephone without JavaScript: the server alone has to bring them back.
test("photographs of a refused form come back and are sent with it", both, async (t) => {
  const p = await t.as("teacher", { javaScriptEnabled: t.window !== "phone" });
  const probe = t.window === "phone" ? null : p;
  const words = "忘了写地点 " + unique();
  await p.goto(`${home}/hazard/new`);
  await p.fill('[name="description"]', words);
  await p.setInputFiles('input[type="file"][name="photos_before"]', [photo("走廊.png", 900, 600), sample("phone.heic", "image/heic")]);
  const [answer] = await Promise.all([p.waitForNavigation(), p.locator('main form.form button[type="submit"]:not([name="fill"])').click()]);
  equal(answer.status(), 422);
  const boxes = p.locator(".kept input[type=checkbox]");
  equal(await boxes.count(), 2, "photographs that came back:");
  ok((await text(p, ".kept")).includes("走廊.png"), "without its name");
  equal(await p.locator(".kept img").first().getAttribute("width"), "320");
  if (probe) {
    equal((await seen(probe, ".kept img")).join(), "320,213");
    equal((await accessible(probe)).join("; "), "");
  }
  equal((await fits(p)).join("; "), "");
  await boxes.nth(1).uncheck();
  await p.fill('[name="place_text"]', "二楼");
  await send(p, p.locator("main form.form"));
  ok(/hazard\/\d+/.test(p.url()), `not at a record: ${await text(p, "main")}`);
  equal(await p.locator(".photos img").count(), 1, "the one that was unticked is left out:");
  equal(await text(p, "h1"), words);
});

test("a photograph is shown small, opened large, saved as it was sent", async (t) => {
  const p = await t.as("teacher");
  await p.goto(`${home}/hazard/new`);
  await p.fill('[name="description"]', "苹果手机的照片 " + unique());
  await p.fill('[name="place_text"]', "门口");
  await p.setInputFiles('[name="photos_before"]', sample("phone.heic", "image/heic"));
  await send(p, p.locator("main form.form"));
  const img = p.locator(".photos img").first();
  await img.scrollIntoViewIfNeeded();
  equal((await seen(p, ".photos img")).join(), "64,48", "a HEIC is shown:");
  equal(`${await img.getAttribute("width")},${await img.getAttribute("height")}`, "64,48");
  equal((await fits(p)).join("; "), "");
  equal((await accessible(p)).join("; "), "");
  const [file] = await Promise.all([p.waitForEvent("download"), p.locator(".photos a.meta").first().click()]);
  equal(file.suggestedFilename(), "phone.heic");
  ok(readFileSync(await file.path()).equals(sample("phone.heic").buffer), "not the same bytes");
  await Promise.all([p.waitForURL(/\/large$/), img.click()]);
  ok((await p.evaluate(() => document.contentType)) === "image/jpeg");
});
