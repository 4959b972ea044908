/* The example's risk points: invented, one or more of each colour. */
#include "cmd/example.h"
#include "domain/risk.h"

#define LEC(l, e, c) "method", "lec", "lec_l", l, "lec_e", e, "lec_c", c
#define LS(l, s)     "method", "ls", "ls_l", l, "ls_s", s
#define PIN(a, b)    "x", a, "y", b

/* clang-format off */
const struct act risk_story[] = {
    { 40, 1, "manager", "identify", { "title", "操作间燃气 · Gas in the kitchen", "place", "#Kitchen", "type", "fire", "harm", "燃气泄漏引起爆炸、火灾，人员烧伤。", LEC("3", "6", "40") }, &risk_ledger },
    { 40, 1, "manager", "control", { "engineering", "燃气报警器与电磁阀联动，软管两年一换。", "management", "专人开关阀，下班前拍照留存。", "training", "炊事员每学期培训一次。", "emergency", "关阀、开窗、断电，不动电器，撤到室外后拨打 119。", "responsible", "~canteen", "patrol", "shift", "residual", "general" }, &risk_ledger },
    { 40, 1, "manager", "pin", { PIN("790", "150") }, &risk_ledger },
    { 41, 1, "manager", "identify", { "title", "校门口上下学车流 · Traffic at the gate", "place", "#School gate", "type", "traffic", "harm", "学生穿行时被车辆撞伤。", LEC("3", "6", "15") }, &risk_ledger },
    { 41, 1, "manager", "control", { "engineering", "隔离护栏、减速带、斑马线。", "management", "上下学时段护学岗值守，错峰放学。", "emergency", "现场拦车、救护、拨打 120 和 122，通知家长。", "responsible", "~duty", "patrol", "daily", "residual", "general" }, &risk_ledger },
    { 41, 1, "manager", "pin", { PIN("500", "712") }, &risk_ledger },
    { 42, 1, "manager", "identify", { "title", "东侧楼梯课间拥挤 · Crowding on the east stairs", "place", "#Stairs, east", "type", "activity", "harm", "集中上下楼时踩踏。", LS("2", "4") }, &risk_ledger },
    { 42, 1, "manager", "control", { "management", "错峰下课，教师楼道值守，靠右行走标线。", "emergency", "停止上下楼，从末尾向后疏散，救护伤者。", "responsible", "~deputy", "patrol", "daily", "residual", "low" }, &risk_ledger },
    { 42, 1, "manager", "pin", { PIN("545", "150") }, &risk_ledger },
    { 43, 1, "manager", "identify", { "title", "操场足球门 · Goals on the sports ground", "place", "#Sports ground", "type", "equipment", "harm", "球门倾倒砸伤。", LS("1", "3") }, &risk_ledger },
    { 43, 1, "manager", "control", { "engineering", "球门打入地锚。", "emergency", "停用、围挡，送校医室或拨打 120。", "responsible", "~logistics", "patrol", "weekly", "residual", "low" }, &risk_ledger },
    { 43, 1, "manager", "pin", { PIN("110", "480") }, &risk_ledger },
    { 44, 1, "manager", "identify", { "title", "教学楼配电箱 · Switch boxes of the teaching block", "place", "#Teaching block", "type", "electricity", "harm", "触电、电气火灾。", LEC("1", "6", "15") }, &risk_ledger },
    { 45, 1, "manager", "identify", { "title", "校舍旁水塘 · Pond beside the schoolhouse", "place", "#Schoolhouse", "type", "natural", "harm", "学生落水溺亡。", LEC("1", "6", "40"), "note", "放学由老师送过水塘，警示牌，救生杆。", "hazard", "&10", "org", "SWJX" }, &risk_ledger },
    { 46, 1, "middle", "identify", { "title", "化学品储存柜 · Cupboard of chemicals", "place", "#Laboratory", "type", "lab", "harm", "泄漏、混放反应、火灾。", LEC("3", "3", "15") }, &risk_ledger },
    { 46, 1, "middle", "control", { "engineering", "阻燃柜、排风。", "management", "双人双锁，账物相符。", "emergency", "撤离、通风、沙土覆盖，拨打 119。", "responsible", "~middle", "patrol", "monthly", "residual", "low" }, &risk_ledger },
};
/* clang-format on */
const size_t n_risk_story = sizeof(risk_story) / sizeof(risk_story[0]);
