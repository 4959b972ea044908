// The life of a major hazard.
import { test, once, ok, equal, report, step, state, offers, text, day, photo } from "./lib.mjs";

test("a major hazard is graded, ordered, planned, approved, reported upward, listed, delisted, closed", async (t) => {
  const m = await t.as("manager"), head = await t.as("principal"), office = await t.as("office");
  const at = await report(m, { photos_before: photo() });
  await step(m, at, "grade", { grade: "major", category: "fire" }, null);
  ok(!m.url().includes("done=1"), "a major hazard was graded without its clause");
  await step(m, at, "grade", { grade: "major", clause: "判定指南第三条", category: "fire" });
  ok(!(await offers(m, "assign")), "a major hazard may be assigned like a general one");
  ok(!(await offers(m, "fix")), "a major hazard may be fixed on the spot");
  await step(m, at, "order", { responsible_unit: "总务处", deadline: day(30), notice_no: "改〔2026〕1 号" });
  const plan = { measures: "改造", funds_need: "needed", funds: "12000", deadline: day(30), contingency: "值守" };
  await step(m, at, "plan", plan, null);
  ok(!m.url().includes("done=1"), "a plan without its six parts passed");
  await step(m, at, "plan", { ...plan, plan_goal: "恢复", plan_means: "一万二", plan_duty: "总务主任", plan_time: "三十天" });
  equal(await state(m), "planned");
  await step(m, at, "start", {}, null);
  equal(m.url().includes("done=1"), false, "work started without approval:");
  await step(m, at, "control", { control: "夜间值守", in_use: "normal" });
  await step(head, at, "approve", {});
  await step(m, at, "report_up", { up_state: "堵塞", up_harm: "疏散困难", up_plan: "腾空" });
  await step(office, at, "receive_up", {});
  await step(m, at, "start", {});
  equal(await state(m), "rectifying");
  await step(office, at, "list", { listing_level: "county", listing_by: "学区", listing_deadline: day(60) });
  await step(office, at, "publish", {});
  await step(office, at, "extend_listing", { listing_deadline: day(70), comment: "材料晚到" });
  await step(m, at, "submit", { situation: "完成", photos_after: photo("b.png") });
  await step(head, at, "accept", { opinion: "合格" });
  equal(await state(head), "accepted");
  await step(head, at, "close", {}, null);
  equal(head.url().includes("done=1"), false, "closed while it is listed:");
  await step(office, at, "delist", {});
  await step(office, at, "end_listing", {});
  await step(head, at, "close", {});
  equal(await state(head), "closed");
  ok((await text(head, "main")).includes("判定指南第三条"), "the clause is not kept");
});

test("the steps of the district are not offered to a school", once, async (t) => {
  const m = await t.as("manager"), teacher = await t.as("teacher");
  const at = await report(m, {});
  await step(m, at, "grade", { grade: "major", clause: "第一条" });
  for (const verb of ["list", "publish", "approve", "receive_up"]) ok(!(await offers(m, verb)), `${verb} is offered to the manager`);
  await teacher.goto(at);
  for (const verb of ["grade", "order", "plan", "list"]) ok(!(await offers(teacher, verb)), `${verb} is offered to a teacher`);
});
