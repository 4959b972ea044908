// Every kind of page, in both windows and both languages, as who sees it.
import { test, ok, accessible, fits, home, windows } from "./lib.mjs";

const first = async (p, list) => {
  await p.goto(`${home}/${list}`);
  return p.locator(".list tbody th a, main .item a").first().getAttribute("href");
};
/* The school whose plan the example has. */
const school = async (p) => {
  await p.goto(`${home}/risks`);
  return p.locator("select[name=org] option", { hasText: /Baile Central Primary|白乐中心小学/ }).first().getAttribute("value");
};
const kinds = [
  ["the page to sign in", null, "/sign-in"],
  ["the page about it", null, "/about"],
  ["the API", null, "/api"],
  ["the API of hazards", null, "/api?of=hazard"],
  ["the log", null, `${home}/log`],
  ["an address that is not there", "teacher", `${home}/hazard/999999999`],
  ["the account", "teacher", "/account"],
  ["the board of a teacher", "teacher", home],
  ["the board of a safety manager", "manager", home],
  ["the board of a principal", "principal", home],
  ["the board of a guard", "guard", home],
  ["the board of the district", "office", home],
  ["the board of an inspector", "inspector", home],
  ["the board of an auditor", "auditor", home],
  ["the form to report", "teacher", `${home}/hazard/new`],
  ["the form to report, for the district", "office", `${home}/hazard/new`],
  ["the list of hazards", "manager", `${home}/hazard`],
  ["an empty list", "manager", `${home}/hazard?q=thereisnosuchword`],
  ["a filtered list", "office", `${home}/hazard?state=open&grade=major&sort=due`],
  ["a hazard with its steps", "manager", (p) => first(p, "hazard?sort=due")],
  ["a major hazard", "office", (p) => first(p, "hazard?grade=major")],
  ["a closed hazard", "teacher", (p) => first(p, "hazard?state=closed")],
  ["the minutes", "manager", `${home}/minutes`],
  ["the inspections", "manager", `${home}/inspection`],
  ["an inspection that was done", "manager", (p) => first(p, "inspection?state=submitted")],
  ["an inspection to be done", "duty", async (p) => `${await first(p, "inspection?state=pending")}/do`],
  ["the checklists", "office", `${home}/checklist`],
  ["a checklist", "office", (p) => first(p, "checklist?state=live")],
  ["the library of checklists", "office", `${home}/checklist/library`],
  ["the schedules", "office", `${home}/schedule`],
  ["a schedule", "office", (p) => first(p, "schedule")],
  ["the special rectifications", "office", `${home}/programme`],
  ["who keeps which rule", "office", `${home}/compliance`],
  ["the campaigns", "office", `${home}/campaign`],
  ["the overview", "office", `${home}/overview`],
  ["the overview of an authority above districts", "bureau", "/t/installation/overview"],
  ["the risk points by colour", "office", `${home}/risks`],
  ["the risk points of a school", "manager", async (p) => `${home}/risks?org=${await school(p)}`],
  ["a floor plan", "manager", async (p) => `${home}/plan?org=${await school(p)}`],
  ["a risk point", "manager", (p) => first(p, "risk")],
  ["the setup", "admin", `${home}/setup`],
  ["the people", "admin", `${home}/person`],
  ["a person", "admin", (p) => first(p, "person")],
  ["a school", "admin", (p) => first(p, "org")],
  ["the places", "admin", `${home}/place`],
  ["the rules", "admin", `${home}/rules`],
  ["the page to bring a ledger over", "manager", `${home}/hazard/import`],
];

for (const [what, who, at] of kinds)
  test(`${what} fits both windows, can be touched and read by everybody`, { windows: ["phone"], langs: ["en", "zh"] }, async (t) => {
    const p = await t.as(who);
    const where = typeof at === "string" ? at : await at(p);
    ok(where, "nothing to look at");
    const answer = await p.goto(where);
    ok(answer.status() === 200 || what.startsWith("an address"), `status ${answer.status()}`);
    const bad = [];
    for (const [name, size] of Object.entries(windows)) {
      await p.setViewportSize(size);
      if (process.env.ANLAN_LOOK)
        await p.screenshot({ path: `${process.env.ANLAN_LOOK}/${what.replace(/\W+/g, "-")}.${name}.${t.lang}.png`, fullPage: true });
      await p.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = false)));
      bad.push(...(await fits(p)));
      await p.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
      bad.push(...(await fits(p)));
      if ((name === "phone") === (t.lang === "zh")) bad.push(...(await accessible(p)));
    }
    ok(bad.length === 0, [...new Set(bad)].join("\n"));
  });
