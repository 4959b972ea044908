// The everyday walks on a slow line and in the window of a chat program.
import { test, ok, equal, text, home, code, base, unique, photo, fill, send, report, step, state, day } from "./lib.mjs";

const chats = {
  wechat: "Mozilla/5.0 (Linux; Android 9; V1813A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/86.0.4240.99 Mobile Safari/537.36 MMWEBID/6289 MicroMessenger/8.0.30.2244(0x28001E44) NetType/3gnet Language/zh_CN",
  dingtalk: "Mozilla/5.0 (Linux; U; Android 10; zh-CN; PCT-AL10) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/69.0.3497.100 UWS/3.22.1.160 Mobile Safari/537.36 AliApp(DingTalk/6.0.17) com.alibaba.android.rimet Channel/227200",
  feishu: "Mozilla/5.0 (Linux; Android 11; M2012K11AC) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/92.0.4515.159 Mobile Safari/537.36 Lark/5.10.5 LarkLocale/zh_CN ChannelName/Feishu",
};

/* Nothing may open beside the page, be downloaded or ask. */
function watch(t, p) {
  p.on("popup", (x) => t.complaints.push(`${p.url()} opened a window: ${x.url()}`));
  p.on("download", (x) => t.complaints.push(`${p.url()} downloaded ${x.url()}`));
  p.on("dialog", (x) => {
    t.complaints.push(`${p.url()} asked: ${x.message()}`);
    x.dismiss();
  });
}
/* 400 kbit/s, 400 ms; what goes over the wire is counted. */
async function slow(p) {
  const cdp = await p.context().newCDPSession(p);
  const wire = { bytes: 0 };
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: 50e3, uploadThroughput: 50e3 });
  cdp.on("Network.loadingFinished", (e) => (wire.bytes += e.encodedDataLength));
  return wire;
}
const kinds = [["on a slow line", null], ...Object.entries(chats).map(([name, userAgent]) => [`inside ${name}`, userAgent])];

for (const [where, userAgent] of kinds) {
  const options = userAgent ? { userAgent } : { fresh: false };
  const phone = { windows: ["phone"], langs: ["zh"] };
  const open = async (t, who) => {
    const p = await t.as(who, options);
    watch(t, p);
    return [p, userAgent ? { bytes: 0 } : await slow(p)];
  };

  test(`${where} anybody reports by a poster and reads the receipt`, phone, async (t) => {
    const [p, wire] = await open(t, null);
    await p.goto(`/report/${code}`, { waitUntil: "networkidle" });
    ok(wire.bytes <= 60 * 1024, `the first page: ${wire.bytes} bytes`);
    await p.selectOption('[name="school"]', { index: 1 });
    const form = p.locator("form.form");
    await fill(form, { description: `围墙有裂缝 ${unique()}`, place_text: "校门东侧", photos: photo("墙.png", 40, 30) });
    await send(p, form);
    ok(/\/receipt\//.test(p.url()), await text(p, "main"));
    await p.reload();
    ok((await text(p, "main")).length > 20, "the receipt is empty");
    await p.click('a[href$="/picture"]');
    await p.waitForURL(/\/picture$/);
    ok((await p.locator("img").count()) === 1, "the receipt's picture is not shown");
  });

  test(`${where} a round is entered, work accepted, the board read`, phone, async (t) => {
    const [p, wire] = await open(t, "manager");
    await p.goto(home, { waitUntil: "networkidle" });
    ok(wire.bytes <= 60 * 1024, `the board: ${wire.bytes} bytes`);
    const mark = unique();
    await p.goto(`${home}/hazard/round`);
    await fill(p.locator("main form.form"), { "description.1": `灯不亮 ${mark}`, "place_text.1": "一楼", "photos_before.1": photo("灯.png", 40, 30),
      "description.2": `插座松动 ${mark}`, "place_text.2": "二楼" });
    await Promise.all([p.waitForNavigation(), p.locator("main form.form button.primary").click()]);
    ok(p.url().includes("done=1"), await text(p, "main"));
    const teacher = await t.as("teacher");
    const at = await report(teacher, { description: `门把手松 ${mark}` });
    await step(teacher, at, "fix", { situation: "拧紧了", photos_after: photo("后.png", 40, 30) });
    await step(p, at, "accept", { opinion: "合格" });
    equal(await state(p), "closed");
    if (userAgent) {
      await p.locator(".photos a.meta").first().click();
      await p.waitForURL(/\/file\/\d+$/);
      ok((await p.inputValue("textarea[data-copy]")).includes("/file/"), "the original is a dead tap");
    }
    await p.goto(home);
    ok((await p.locator("main a").count()) > 3, "the board is empty");
  });

  test(`${where} a notice is drafted, and its paper is not a dead tap`, phone, async (t) => {
    const [p] = await open(t, "office");
    await p.goto(`${home}/notice`);
    await p.locator(".list tbody th a").first().click();
    await p.waitForURL(/notice\/\d+/);
    const paper = p.locator('main a[href$="/paper"]');
    ok((await paper.count()) > 0, "no paper is offered");
    if (!userAgent) return;
    await Promise.all([p.waitForURL(/\/paper$/), paper.first().click()]);
    ok((await p.inputValue("textarea[data-copy]")).includes("/paper"), "no address to copy");
    await p.goto(`${home}/hazard`);
    for (const name of ["XLSX", "CSV", "PDF"]) {
      const link = p.locator(".tools a", { hasText: name }).first();
      const target = await link.getAttribute("href");
      await p.goto(target);
      ok((await p.inputValue("textarea[data-copy]")).includes(target.split("?")[0]), `${name}: no address to copy`);
      await p.goto(`${home}/hazard`);
    }
    const picture = await p.request.get(`${home}/hazard.png`, { headers: { "User-Agent": userAgent } });
    equal(picture.headers()["content-type"], "image/png", "the list as a picture:");
    ok(!(picture.headers()["content-disposition"] ?? "").startsWith("attachment"), "the picture is not shown");
  });
}
