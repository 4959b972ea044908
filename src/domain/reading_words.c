#include "domain/reading_part.h"

/*
 * What people write above their columns.  The word with the highest rank
 * decides, among equals the longest.  General words have low ranks, so that
 * 隐患等级 is a grade although 隐患 alone would be the description.
 */
/* clang-format off */
const struct heading_word heading_words[] = {
    { "=序号", RF_SEQ, 5, 0 }, { "=编号", RF_SEQ, 4, 0 }, { "=序", RF_SEQ, 4, 0 },
    { "=项次", RF_SEQ, 4, 0 }, { "=no.", RF_SEQ, 4, 0 }, { "=no", RF_SEQ, 2, RF_NO },
    { "=#", RF_SEQ, 4, 0 }, { "=s/n", RF_SEQ, 4, 0 }, { "=sn", RF_SEQ, 4, 0 },
    { "=sno", RF_SEQ, 4, 0 }, { "=s.no.", RF_SEQ, 4, 0 }, { "=number", RF_SEQ, 3, 0 },
    { "=ref", RF_SEQ, 3, 0 }, { "=ref.", RF_SEQ, 3, 0 }, { "=refno", RF_SEQ, 3, 0 },
    { "=reference", RF_SEQ, 2, RF_REFERENCE }, { "=id", RF_SEQ, 3, 0 }, { "~inspectionid", RF_SEQ, 3, 0 },
    { "~violationid", RF_SEQ, 7, 0 }, { "~hazardid", RF_SEQ, 7, 0 }, { "~issueid", RF_SEQ, 7, 0 },
    { "~findingid", RF_SEQ, 7, 0 }, { "~defectid", RF_SEQ, 7, 0 }, { "~caseid", RF_SEQ, 7, 0 },
    { "~recordid", RF_SEQ, 7, 0 }, { "~violationno", RF_SEQ, 7, 0 }, { "~violationnumber", RF_SEQ, 7, 0 },
    { "~violationcode", RF_IGNORE, 7, 0 }, { "~hazardno", RF_SEQ, 7, 0 }, { "~itemno", RF_SEQ, 5, 0 },
    { "~issueno", RF_SEQ, 7, 0 }, { "~findingno", RF_SEQ, 7, 0 },
    { "~隐患编号", RF_SEQ, 5, 0 }, { "~问题编号", RF_SEQ, 5, 0 }, { "~台账编号", RF_SEQ, 5, 0 },

    { "=学校", RF_SCHOOL, 5, 0 }, { "~学校名称", RF_SCHOOL, 5, 0 }, { "=单位", RF_SCHOOL, 3, 0 },
    { "~单位名称", RF_SCHOOL, 4, 0 }, { "=校名", RF_SCHOOL, 5, 0 }, { "=校区", RF_SCHOOL, 3, 0 },
    { "~受检", RF_SCHOOL, 4, 0 }, { "~被检", RF_SCHOOL, 4, 0 }, { "~受查", RF_SCHOOL, 4, 0 },
    { "~被查", RF_SCHOOL, 4, 0 }, { "~涉及学校", RF_SCHOOL, 5, 0 }, { "~涉及单位", RF_SCHOOL, 4, 0 },
    { "~责任学校", RF_SCHOOL, 4, 0 }, { "~隐患单位", RF_SCHOOL, 4, 0 }, { "~问题单位", RF_SCHOOL, 4, 0 },
    { "~所属学校", RF_SCHOOL, 5, 0 }, { "~所在学校", RF_SCHOOL, 5, 0 }, { "~存在学校", RF_SCHOOL, 5, 0 },
    { "~填报单位", RF_SCHOOL, 3, 0 }, { "~填报学校", RF_SCHOOL, 4, 0 }, { "~上报单位", RF_SCHOOL, 3, 0 },
    { "~检查学校", RF_SCHOOL, 4, 0 }, { "~检查对象", RF_SCHOOL, 4, 0 }, { "~督查对象", RF_SCHOOL, 4, 0 },
    { "=对象", RF_SCHOOL, 2, 0 }, { "~排查单位", RF_SCHOOL, 3, 0 }, { "~幼儿园", RF_SCHOOL, 2, 0 },
    { "~园所", RF_SCHOOL, 3, 0 }, { "=园名", RF_SCHOOL, 4, 0 }, { "~学校", RF_SCHOOL, 2, 0 },
    { "~school", RF_SCHOOL, 2, 0 }, { "=school", RF_SCHOOL, 5, 0 }, { "~schoolname", RF_SCHOOL, 5, 0 },
    { "~nameofschool", RF_SCHOOL, 5, 0 }, { "=schoolsite", RF_SCHOOL, 5, 0 }, { "=site", RF_SCHOOL, 3, RF_PLACE },
    { "~sitename", RF_SCHOOL, 4, 0 }, { "=facility", RF_SCHOOL, 3, RF_PLACE }, { "~facilityname", RF_SCHOOL, 4, 0 },
    { "~dbaname", RF_SCHOOL, 4, 0 }, { "=dba", RF_SCHOOL, 4, 0 },
    { "~businessname", RF_SCHOOL, 4, 0 }, { "=business", RF_SCHOOL, 3, 0 }, { "~buildingname", RF_SCHOOL, 2, RF_PLACE },
    { "~institutionname", RF_SCHOOL, 5, 0 }, { "~operatorname", RF_SCHOOL, 2, 0 }, { "~providername", RF_SCHOOL, 3, 0 },
    { "~centername", RF_SCHOOL, 4, 0 }, { "~akaname", RF_SCHOOL, 1, 0 }, { "=campus", RF_SCHOOL, 3, RF_PLACE },
    { "=premises", RF_SCHOOL, 3, RF_PLACE }, { "~premisesname", RF_SCHOOL, 4, 0 },
    { "=establishment", RF_SCHOOL, 3, 0 }, { "~establishmentname", RF_SCHOOL, 4, 0 },
    { "=institution", RF_SCHOOL, 4, 0 }, { "=academy", RF_SCHOOL, 4, 0 }, { "=nursery", RF_SCHOOL, 4, 0 },

    { "~部位", RF_PLACE, 5, 0 }, { "~地点", RF_PLACE, 4, 0 }, { "~位置", RF_PLACE, 4, 0 },
    { "~场所", RF_PLACE, 4, 0 }, { "~区域", RF_PLACE, 4, 0 }, { "~点位", RF_PLACE, 4, 0 },
    { "~所在", RF_PLACE, 2, 0 }, { "~房间", RF_PLACE, 4, 0 }, { "~宿舍", RF_PLACE, 3, 0 },
    { "~寝室", RF_PLACE, 3, 0 }, { "~楼宇", RF_PLACE, 4, 0 }, { "~楼栋", RF_PLACE, 4, 0 },
    { "~教室", RF_PLACE, 2, 0 }, { "~班级", RF_PLACE, 2, 0 }, { "~实验室", RF_PLACE, 2, 0 },
    { "~location", RF_PLACE, 4, 0 }, { "=place", RF_PLACE, 4, 0 }, { "=area", RF_PLACE, 4, 0 },
    { "~areainspected", RF_PLACE, 4, 0 }, { "=room", RF_PLACE, 4, 0 }, { "~building", RF_PLACE, 3, 0 },
    { "=zone", RF_PLACE, 4, 0 }, { "=where", RF_PLACE, 4, 0 }, { "~room/", RF_PLACE, 4, 0 },
    { "~/room", RF_PLACE, 4, 0 }, { "~area/", RF_PLACE, 4, 0 }, { "~/area", RF_PLACE, 4, 0 }, { "~classroom", RF_PLACE, 3, 0 },

    { "~隐患内容", RF_DESCRIPTION, 6, 0 }, { "~隐患情况", RF_DESCRIPTION, 5, 0 }, { "~隐患描述", RF_DESCRIPTION, 6, 0 },
    { "~问题描述", RF_DESCRIPTION, 6, 0 }, { "~存在问题", RF_DESCRIPTION, 5, 0 }, { "~存在的问题", RF_DESCRIPTION, 5, 0 },
    { "~存在隐患", RF_DESCRIPTION, 5, 0 }, { "~存在的隐患", RF_DESCRIPTION, 5, 0 }, { "~存在安全隐患", RF_DESCRIPTION, 5, 0 },
    { "~存在的安全隐患", RF_DESCRIPTION, 5, 0 }, { "~存在主要", RF_DESCRIPTION, 5, 0 }, { "~存在的主要", RF_DESCRIPTION, 5, 0 },
    { "~问题隐患", RF_DESCRIPTION, 5, 0 }, { "~隐患问题", RF_DESCRIPTION, 5, 0 }, { "~隐患及", RF_DESCRIPTION, 4, 0 },
    { "~问题及", RF_DESCRIPTION, 4, 0 }, { "~隐患名称", RF_DESCRIPTION, 4, 0 }, { "~具体问题", RF_DESCRIPTION, 5, 0 },
    { "~具体隐患", RF_DESCRIPTION, 5, 0 }, { "~具体情况", RF_DESCRIPTION, 3, 0 }, { "~主要问题", RF_DESCRIPTION, 5, 0 },
    { "~主要隐患", RF_DESCRIPTION, 5, 0 }, { "~发现问题", RF_DESCRIPTION, 5, 0 }, { "~发现的问题", RF_DESCRIPTION, 5, 0 },
    { "~发现隐患", RF_DESCRIPTION, 5, 0 }, { "~发现的隐患", RF_DESCRIPTION, 5, 0 }, { "~发现的安全隐患", RF_DESCRIPTION, 5, 0 },
    { "~发现安全隐患", RF_DESCRIPTION, 5, 0 }, { "~整改的问题", RF_DESCRIPTION, 5, 0 }, { "~整改问题", RF_DESCRIPTION, 4, 0 },
    { "~隐患现状", RF_DESCRIPTION, 5, 0 }, { "~隐患详", RF_DESCRIPTION, 5, 0 }, { "~问题内容", RF_DESCRIPTION, 5, 0 },
    { "~问题清单", RF_DESCRIPTION, 4, 0 }, { "~隐患清单", RF_DESCRIPTION, 4, 0 }, { "~不符合项", RF_DESCRIPTION, 5, 0 },
    { "~不合格项", RF_DESCRIPTION, 5, 0 }, { "~不符合情况", RF_DESCRIPTION, 5, 0 }, { "~问题表现", RF_DESCRIPTION, 5, 0 },
    { "~问题说明", RF_DESCRIPTION, 5, 0 }, { "~隐患说明", RF_DESCRIPTION, 5, 0 }, { "~突出问题", RF_DESCRIPTION, 5, 0 },
    { "~安全问题", RF_DESCRIPTION, 4, 0 }, { "~安全隐患", RF_DESCRIPTION, 4, 0 }, { "=隐患", RF_DESCRIPTION, 5, 0 },
    { "=问题", RF_DESCRIPTION, 5, 0 }, { "~异常情况", RF_DESCRIPTION, 4, 0 }, { "~现状描述", RF_DESCRIPTION, 4, 0 },
    { "~情况说明", RF_DESCRIPTION, 3, 0 }, { "~情况描述", RF_DESCRIPTION, 3, 0 }, { "=描述", RF_DESCRIPTION, 3, 0 },
    { "~风险描述", RF_DESCRIPTION, 4, 0 }, { "~风险点", RF_DESCRIPTION, 2, 0 }, { "=内容", RF_DESCRIPTION, 2, 0 },
    { "=具体内容", RF_DESCRIPTION, 3, 0 }, { "=事项", RF_DESCRIPTION, 1, 0 }, { "~维修内容", RF_DESCRIPTION, 3, 0 },
    { "~若有", RF_DESCRIPTION, 4, 0 }, { "~请描述", RF_DESCRIPTION, 4, 0 }, { "~请说明", RF_DESCRIPTION, 4, 0 },
    { "~如有", RF_DESCRIPTION, 4, 0 }, { "~隐患", RF_DESCRIPTION, 1, 0 }, { "~问题", RF_DESCRIPTION, 1, 0 },
    { "~hazard", RF_DESCRIPTION, 3, 0 }, { "=hazard", RF_DESCRIPTION, 5, 0 }, { "~hazarddescription", RF_DESCRIPTION, 6, 0 },
    { "~descriptionof", RF_DESCRIPTION, 6, 0 }, { "~hazardidentified", RF_DESCRIPTION, 6, 0 }, { "~hazardsidentified", RF_DESCRIPTION, 6, 0 },
    { "~hazardobserved", RF_DESCRIPTION, 6, 0 }, { "~finding", RF_DESCRIPTION, 5, 0 }, { "~deficienc", RF_DESCRIPTION, 5, 0 },
    { "~violation", RF_DESCRIPTION, 5, 0 }, { "~violdesc", RF_DESCRIPTION, 6, 0 },
    { "~violationtype", RF_CATEGORY, 6, 0 }, { "~violationcategory", RF_CATEGORY, 6, 0 }, { "~defect", RF_DESCRIPTION, 5, 0 }, { "~issue", RF_DESCRIPTION, 4, 0 },
    { "~observation", RF_DESCRIPTION, 4, 0 }, { "~problem", RF_DESCRIPTION, 5, 0 }, { "~concern", RF_DESCRIPTION, 4, 0 },
    { "~nonconform", RF_DESCRIPTION, 5, 0 }, { "~non-conform", RF_DESCRIPTION, 5, 0 }, { "~noncompliance", RF_DESCRIPTION, 5, 0 },
    { "~non-compliance", RF_DESCRIPTION, 5, 0 }, { "~unsafecondition", RF_DESCRIPTION, 5, 0 }, { "=fault", RF_DESCRIPTION, 4, 0 },
    { "~description", RF_DESCRIPTION, 4, 0 }, { "=details", RF_DESCRIPTION, 2, 0 }, { "~remarks/action", RF_DESCRIPTION, 3, 0 },
    { "~comments/action", RF_DESCRIPTION, 3, 0 },

    { "~类别", RF_CATEGORY, 5, 0 }, { "~类型", RF_CATEGORY, 5, 0 }, { "~分类", RF_CATEGORY, 5, 0 },
    { "~种类", RF_CATEGORY, 5, 0 }, { "~性质", RF_CATEGORY, 3, 0 }, { "=检查项目", RF_CATEGORY, 3, 0 },
    { "=排查项目", RF_CATEGORY, 3, 0 }, { "=项目", RF_CATEGORY, 3, 0 }, { "=专业", RF_CATEGORY, 2, 0 },
    { "~领域", RF_CATEGORY, 3, 0 }, { "=大类", RF_CATEGORY, 4, 0 }, { "=方面", RF_CATEGORY, 2, 0 },
    { "~检查项", RF_CATEGORY, 2, 0 }, { "=一级指标", RF_CATEGORY, 2, 0 },
    { "~category", RF_CATEGORY, 5, 0 }, { "=type", RF_CATEGORY, 3, 0 }, { "~hazardtype", RF_CATEGORY, 5, 0 },
    { "~typeofhazard", RF_CATEGORY, 5, 0 }, { "~hazardclass", RF_CATEGORY, 5, 0 }, { "~hazardgroup", RF_CATEGORY, 5, 0 },
    { "=section", RF_CATEGORY, 3, 0 }, { "=topic", RF_CATEGORY, 3, 0 },

    { "~等级", RF_GRADE, 5, 0 }, { "~级别", RF_GRADE, 5, 0 }, { "~分级", RF_GRADE, 5, 0 }, { "~严重程度", RF_GRADE, 5, 0 },
    { "~危险程度", RF_GRADE, 5, 0 }, { "~风险程度", RF_GRADE, 5, 0 }, { "~是否重大", RF_GRADE, 6, 0 },
    { "~一般/重大", RF_GRADE, 7, 0 }, { "~重大/一般", RF_GRADE, 7, 0 }, { "~一般、重大", RF_GRADE, 7, 0 },
    { "~一般或重大", RF_GRADE, 7, 0 }, { "~严重程度", RF_GRADE, 5, 0 },
    { "=grade", RF_GRADE, 5, 0 }, { "~severity", RF_GRADE, 5, 0 }, { "~risklevel", RF_GRADE, 5, 0 },
    { "~riskrating", RF_GRADE, 5, 0 }, { "~hazardlevel", RF_GRADE, 6, 0 }, { "~hazardrating", RF_GRADE, 6, 0 },
    { "~priority", RF_GRADE, 4, 0 }, { "=level", RF_GRADE, 4, 0 }, { "=rating", RF_GRADE, 4, 0 },

    { "~措施", RF_MEASURES, 5, 0 }, { "~整改意见", RF_MEASURES, 5, 0 }, { "~整改建议", RF_MEASURES, 5, 0 },
    { "~整改要求", RF_MEASURES, 5, 0 }, { "~整改方案", RF_MEASURES, 4, 0 }, { "~整改内容", RF_MEASURES, 4, 0 },
    { "~整改方法", RF_MEASURES, 5, 0 }, { "~整改办法", RF_MEASURES, 5, 0 }, { "~整改方式", RF_MEASURES, 4, 0 },
    { "~处理意见", RF_MEASURES, 4, 0 }, { "~处理方式", RF_MEASURES, 4, 0 }, { "~处理办法", RF_MEASURES, 4, 0 },
    { "~处理情况", RF_MEASURES, 3, RF_STATUS }, { "~处理结果", RF_MEASURES, 3, RF_STATUS },
    { "~处置情况", RF_MEASURES, 3, RF_STATUS }, { "~处置结果", RF_MEASURES, 3, RF_STATUS },
    { "~处置", RF_MEASURES, 3, RF_STATUS }, { "~建议", RF_MEASURES, 3, 0 }, { "~对策", RF_MEASURES, 4, 0 },
    { "~治理方案", RF_MEASURES, 4, 0 }, { "=整改", RF_MEASURES, 2, RF_STATUS }, { "=要求", RF_MEASURES, 2, 0 },
    { "~correctiveaction", RF_MEASURES, 5, 0 }, { "~actionrequired", RF_MEASURES, 5, 0 }, { "~actionsrequired", RF_MEASURES, 5, 0 },
    { "~actiontaken", RF_MEASURES, 5, 0 }, { "~actionstaken", RF_MEASURES, 5, 0 }, { "~actionneeded", RF_MEASURES, 5, 0 },
    { "~actiontobetaken", RF_MEASURES, 5, 0 }, { "~recommend", RF_MEASURES, 5, 0 }, { "~remedia", RF_MEASURES, 5, 0 },
    { "~remedy", RF_MEASURES, 5, 0 }, { "~measures", RF_MEASURES, 5, 0 }, { "~controls", RF_MEASURES, 3, 0 },
    { "~action", RF_MEASURES, 3, 0 }, { "~repairneeded", RF_MEASURES, 4, 0 }, { "~abatement", RF_MEASURES, 4, 0 },
    { "~correction", RF_MEASURES, 3, 0 },

    { "~责任人", RF_RESPONSIBLE, 6, 0 }, { "~责任单位", RF_RESPONSIBLE, 5, 0 }, { "~责任部门", RF_RESPONSIBLE, 5, 0 },
    { "~责任科室", RF_RESPONSIBLE, 5, 0 }, { "~责任领导", RF_RESPONSIBLE, 4, 0 }, { "~整改责任", RF_RESPONSIBLE, 5, 0 },
    { "~负责人", RF_RESPONSIBLE, 5, 0 }, { "~负责部门", RF_RESPONSIBLE, 4, 0 }, { "~负责单位", RF_RESPONSIBLE, 4, 0 },
    { "~整改人", RF_RESPONSIBLE, 5, 0 }, { "~整改单位", RF_RESPONSIBLE, 4, 0 }, { "~整改部门", RF_RESPONSIBLE, 4, 0 },
    { "~责任", RF_RESPONSIBLE, 3, 0 }, { "~牵头", RF_RESPONSIBLE, 3, 0 }, { "~承办", RF_RESPONSIBLE, 3, 0 },
    { "~经办人", RF_RESPONSIBLE, 3, 0 }, { "~落实人", RF_RESPONSIBLE, 4, 0 },
    { "~responsib", RF_RESPONSIBLE, 6, 0 }, { "~assignedto", RF_RESPONSIBLE, 6, 0 }, { "~assigned", RF_RESPONSIBLE, 5, 0 },
    { "~owner", RF_RESPONSIBLE, 5, 0 }, { "~actionfor", RF_RESPONSIBLE, 6, 0 }, { "~actionby", RF_RESPONSIBLE, 6, 0 },
    { "~personincharge", RF_RESPONSIBLE, 6, 0 }, { "~bywhom", RF_RESPONSIBLE, 7, 0 }, { "=who", RF_RESPONSIBLE, 5, 0 }, { "=person", RF_RESPONSIBLE, 4, 0 }, { "=by", RF_RESPONSIBLE, 3, 0 },
    { "=lead", RF_RESPONSIBLE, 4, 0 },

    { "~资金", RF_FUNDS, 5, 0 }, { "~经费", RF_FUNDS, 5, 0 }, { "~预算", RF_FUNDS, 5, 0 }, { "~费用", RF_FUNDS, 5, 0 },
    { "~投入", RF_FUNDS, 4, 0 }, { "~金额", RF_FUNDS, 5, 0 }, { "~造价", RF_FUNDS, 5, 0 }, { "~概算", RF_FUNDS, 5, 0 },
    { "=cost", RF_FUNDS, 5, 0 }, { "~cost", RF_FUNDS, 4, 0 }, { "~budget", RF_FUNDS, 5, 0 }, { "~funds", RF_FUNDS, 5, 0 },
    { "~funding", RF_FUNDS, 5, 0 }, { "~amount", RF_FUNDS, 4, 0 }, { "~expenditure", RF_FUNDS, 5, 0 },

    { "~时限", RF_DEADLINE, 5, 0 }, { "~期限", RF_DEADLINE, 5, 0 }, { "~限期", RF_DEADLINE, 5, 0 },
    { "~完成时限", RF_DEADLINE, 6, 0 }, { "~整改时间", RF_DEADLINE, 4, RF_COMPLETED_ON }, { "~整改日期", RF_DEADLINE, 3, RF_COMPLETED_ON },
    { "~要求完成", RF_DEADLINE, 6, 0 }, { "~计划完成", RF_DEADLINE, 6, 0 }, { "~拟完成", RF_DEADLINE, 6, 0 },
    { "~预计完成", RF_DEADLINE, 6, 0 }, { "~应完成", RF_DEADLINE, 6, 0 }, { "~拟整改", RF_DEADLINE, 5, 0 },
    { "~计划整改时间", RF_DEADLINE, 6, 0 }, { "~截止", RF_DEADLINE, 5, 0 }, { "~截至", RF_DEADLINE, 4, 0 },
    { "~deadline", RF_DEADLINE, 6, 0 }, { "~duedate", RF_DEADLINE, 6, 0 }, { "~datedue", RF_DEADLINE, 6, 0 },
    { "=due", RF_DEADLINE, 5, 0 }, { "~dueby", RF_DEADLINE, 5, 0 }, { "~target", RF_DEADLINE, 5, 0 },
    { "~completeby", RF_DEADLINE, 6, 0 }, { "~tobecompleted", RF_DEADLINE, 6, 0 }, { "~timescale", RF_DEADLINE, 5, 0 },
    { "~timeframe", RF_DEADLINE, 5, 0 }, { "~timelimit", RF_DEADLINE, 6, 0 }, { "~bywhen", RF_DEADLINE, 7, 0 },
    { "~correctby", RF_DEADLINE, 6, 0 }, { "~complianceby", RF_DEADLINE, 6, 0 }, { "~compliancedate", RF_DEADLINE, 5, 0 },

    { "~排查时间", RF_FOUND_ON, 5, 0 }, { "~排查日期", RF_FOUND_ON, 5, 0 }, { "~检查时间", RF_FOUND_ON, 5, 0 },
    { "~检查日期", RF_FOUND_ON, 5, 0 }, { "~发现时间", RF_FOUND_ON, 6, 0 }, { "~发现日期", RF_FOUND_ON, 6, 0 },
    { "~巡查时间", RF_FOUND_ON, 5, 0 }, { "~巡查日期", RF_FOUND_ON, 5, 0 }, { "~督查时间", RF_FOUND_ON, 5, 0 },
    { "~督查日期", RF_FOUND_ON, 5, 0 }, { "~登记时间", RF_FOUND_ON, 4, 0 }, { "~登记日期", RF_FOUND_ON, 4, 0 },
    { "~上报时间", RF_FOUND_ON, 3, 0 }, { "~上报日期", RF_FOUND_ON, 3, 0 }, { "~填报时间", RF_FOUND_ON, 3, 0 },
    { "~填报日期", RF_FOUND_ON, 3, 0 }, { "~申请时间", RF_FOUND_ON, 3, 0 }, { "~申请日期", RF_FOUND_ON, 3, 0 },
    { "~通报日期", RF_FOUND_ON, 3, 0 }, { "~报告时间", RF_FOUND_ON, 3, 0 }, { "~报告日期", RF_FOUND_ON, 3, 0 },
    { "=日期", RF_FOUND_ON, 3, 0 }, { "=时间", RF_FOUND_ON, 3, 0 }, { "~录入时间", RF_FOUND_ON, 2, 0 },
    { "~inspectiondate", RF_FOUND_ON, 5, 0 }, { "~dateofinspection", RF_FOUND_ON, 5, 0 }, { "~dateinspected", RF_FOUND_ON, 5, 0 },
    { "~datefound", RF_FOUND_ON, 6, 0 }, { "~dateidentified", RF_FOUND_ON, 6, 0 }, { "~dateobserved", RF_FOUND_ON, 6, 0 },
    { "~datereported", RF_FOUND_ON, 4, 0 }, { "~dateraised", RF_FOUND_ON, 5, 0 }, { "~reporteddate", RF_FOUND_ON, 4, 0 },
    { "~foundon", RF_FOUND_ON, 6, 0 }, { "~identifiedon", RF_FOUND_ON, 6, 0 }, { "~dateofvisit", RF_FOUND_ON, 5, 0 },
    { "=date", RF_FOUND_ON, 3, 0 }, { "~datelogged", RF_FOUND_ON, 4, 0 }, { "~dateopened", RF_FOUND_ON, 4, 0 },
    { "~violationdate", RF_FOUND_ON, 6, 0 }, { "~visitdate", RF_FOUND_ON, 5, 0 },

    { "~整改落实", RF_STATUS, 5, 0 }, { "~整改情况", RF_STATUS, 5, 0 }, { "~整改状态", RF_STATUS, 5, 0 },
    { "~整改结果", RF_STATUS, 5, 0 }, { "~整改进展", RF_STATUS, 5, 0 }, { "~整改进度", RF_STATUS, 5, 0 },
    { "~整改完成情况", RF_STATUS, 6, 0 }, { "~整改效果", RF_STATUS, 4, 0 }, { "~完成情况", RF_STATUS, 6, 0 },
    { "~进展", RF_STATUS, 4, 0 }, { "~进度", RF_STATUS, 4, 0 }, { "~销号情况", RF_STATUS, 5, 0 },
    { "~是否整改", RF_STATUS, 6, 0 }, { "~是否已整改", RF_STATUS, 6, 0 }, { "~是否完成", RF_STATUS, 6, 0 },
    { "~是否已完成", RF_STATUS, 6, 0 }, { "~是否销号", RF_STATUS, 4, 0 }, { "~是否整改到位", RF_STATUS, 6, 0 },
    { "~是否闭环", RF_STATUS, 4, 0 }, { "~是否办结", RF_STATUS, 4, 0 }, { "~是否落实", RF_STATUS, 5, 0 },
    { "~状态", RF_STATUS, 4, 0 }, { "~治理情况", RF_STATUS, 5, 0 }, { "~落实情况", RF_STATUS, 3, 0 },
    { "~复查情况", RF_STATUS, 3, 0 }, { "~复查结果", RF_STATUS, 3, 0 }, { "~复查意见", RF_STATUS, 2, 0 },
    { "~验收情况", RF_STATUS, 3, 0 }, { "~验收结果", RF_STATUS, 3, 0 }, { "~验收意见", RF_STATUS, 2, 0 },
    { "~闭环", RF_STATUS, 3, 0 }, { "=销号", RF_STATUS, 4, 0 }, { "=整改与否", RF_STATUS, 6, 0 },
    { "~status", RF_STATUS, 5, 0 }, { "~progress", RF_STATUS, 4, 0 }, { "=outcome", RF_STATUS, 3, 0 },
    { "=closed", RF_STATUS, 4, 0 }, { "=closed?", RF_STATUS, 4, 0 }, { "=completed", RF_STATUS, 4, 0 },
    { "=completed?", RF_STATUS, 4, 0 }, { "=complete?", RF_STATUS, 4, 0 }, { "=resolved", RF_STATUS, 4, 0 },
    { "=resolved?", RF_STATUS, 4, 0 }, { "=corrected", RF_STATUS, 4, 0 }, { "=corrected?", RF_STATUS, 4, 0 },
    { "=fixed?", RF_STATUS, 4, 0 }, { "=done", RF_STATUS, 4, 0 }, { "=done?", RF_STATUS, 4, 0 }, { "~y/n", RF_STATUS, 2, 0 },

    { "~完成时间", RF_COMPLETED_ON, 5, 0 }, { "~完成日期", RF_COMPLETED_ON, 5, 0 }, { "~完毕时间", RF_COMPLETED_ON, 5, 0 },
    { "~到位时间", RF_COMPLETED_ON, 5, 0 }, { "~完毕日期", RF_COMPLETED_ON, 5, 0 }, { "~完工时间", RF_COMPLETED_ON, 5, 0 }, { "~实际完成", RF_COMPLETED_ON, 6, 0 },
    { "~整改完成", RF_COMPLETED_ON, 4, 0 }, { "~销号时间", RF_COMPLETED_ON, 5, 0 }, { "~销号日期", RF_COMPLETED_ON, 5, 0 },
    { "~办结时间", RF_COMPLETED_ON, 5, 0 }, { "~办结日期", RF_COMPLETED_ON, 5, 0 }, { "~消除时间", RF_COMPLETED_ON, 5, 0 },
    { "~消除日期", RF_COMPLETED_ON, 5, 0 }, { "~销案", RF_COMPLETED_ON, 4, 0 }, { "~验收时间", RF_COMPLETED_ON, 3, 0 },
    { "~验收日期", RF_COMPLETED_ON, 3, 0 }, { "~dateclosed", RF_COMPLETED_ON, 6, 0 }, { "~closedon", RF_COMPLETED_ON, 6, 0 },
    { "~closeddate", RF_COMPLETED_ON, 6, 0 }, { "~closuredate", RF_COMPLETED_ON, 6, 0 }, { "~closedate", RF_COMPLETED_ON, 6, 0 },
    { "~completiondate", RF_COMPLETED_ON, 5, 0 }, { "~datecompleted", RF_COMPLETED_ON, 6, 0 }, { "~completedon", RF_COMPLETED_ON, 6, 0 },
    { "~completeddate", RF_COMPLETED_ON, 6, 0 }, { "~dateofcompletion", RF_COMPLETED_ON, 6, 0 }, { "~dateresolved", RF_COMPLETED_ON, 6, 0 },
    { "~daterectified", RF_COMPLETED_ON, 6, 0 }, { "~datefixed", RF_COMPLETED_ON, 6, 0 }, { "~datecorrected", RF_COMPLETED_ON, 6, 0 },
    { "~correcteddate", RF_COMPLETED_ON, 6, 0 },

    { "~预案", RF_PLAN, 5, 0 }, { "~应急措施", RF_PLAN, 6, 0 }, { "~contingency", RF_PLAN, 6, 0 },
    { "~emergencyplan", RF_PLAN, 6, 0 }, { "~emergencymeasure", RF_PLAN, 6, 0 },

    { "~备注", RF_REMARK, 5, 0 }, { "=说明", RF_REMARK, 3, 0 }, { "=其他", RF_REMARK, 2, 0 },
    { "=其它", RF_REMARK, 2, 0 }, { "~remark", RF_REMARK, 3, 0 }, { "~comment", RF_REMARK, 3, 0 },
    { "~notes", RF_REMARK, 3, 0 }, { "=note", RF_REMARK, 3, 0 },

    { "~检查内容", RF_CHECK_ITEM, 4, 0 }, { "~检查要点", RF_CHECK_ITEM, 4, 0 }, { "~检查标准", RF_CHECK_ITEM, 2, 0 },
    { "~自查要点", RF_CHECK_ITEM, 4, 0 }, { "~自查内容", RF_CHECK_ITEM, 4, 0 }, { "~督查内容", RF_CHECK_ITEM, 4, 0 },
    { "~排查内容", RF_CHECK_ITEM, 4, 0 }, { "~巡查内容", RF_CHECK_ITEM, 4, 0 }, { "~检查事项", RF_CHECK_ITEM, 4, 0 },
    { "~排查要点", RF_CHECK_ITEM, 4, 0 }, { "~检查细则", RF_CHECK_ITEM, 3, 0 }, { "~question", RF_CHECK_ITEM, 4, 0 },
    { "=item", RF_CHECK_ITEM, 1, RF_SEQ }, { "~requirement", RF_CHECK_ITEM, 2, 0 }, { "~criteri", RF_CHECK_ITEM, 2, 0 },
    { "~checkitem", RF_CHECK_ITEM, 3, 0 }, { "~inspectionitem", RF_CHECK_ITEM, 4, 0 }, { "~itemsinspected", RF_CHECK_ITEM, 4, 0 },
    { "~iteminspected", RF_CHECK_ITEM, 4, 0 }, { "~checkpoint", RF_CHECK_ITEM, 3, 0 }, { "~standard", RF_CHECK_ITEM, 1, 0 },

    { "~检查结果", RF_RESULT, 4, 0 }, { "~自查结果", RF_RESULT, 4, 0 }, { "~检查情况", RF_RESULT, 4, 0 },
    { "~自查情况", RF_RESULT, 4, 0 }, { "~排查情况", RF_RESULT, 4, 0 }, { "~排查结果", RF_RESULT, 4, 0 },
    { "~巡查情况", RF_RESULT, 4, 0 }, { "~巡查结果", RF_RESULT, 4, 0 }, { "~督查情况", RF_RESULT, 4, 0 },
    { "~督查结果", RF_RESULT, 4, 0 }, { "~现场情况", RF_RESULT, 4, 0 }, { "~检查记录", RF_RESULT, 3, 0 },
    { "~检查意见", RF_RESULT, 3, RF_MEASURES }, { "=落实情况", RF_RESULT, 4, RF_STATUS }, { "=结果", RF_RESULT, 3, RF_STATUS },
    { "=情况", RF_RESULT, 2, RF_STATUS }, { "~评价", RF_RESULT, 2, 0 }, { "=现状", RF_RESULT, 3, 0 },
    { "^□", RF_RESULT, 4, 0 }, { "=有无", RF_RESULT, 3, 0 }, { "=是否", RF_RESULT, 3, 0 },
    { "=是/否", RF_RESULT, 4, 0 }, { "=有/无", RF_RESULT, 4, 0 }, { "~是否合格", RF_RESULT, 6, 0 },
    { "~是否符合", RF_RESULT, 6, 0 }, { "~是否正常", RF_RESULT, 6, 0 }, { "~是否达标", RF_RESULT, 6, 0 },
    { "~yes/no", RF_RESULT, 4, 0 }, { "=y/n", RF_RESULT, 4, 0 }, { "~compliance", RF_RESULT, 2, 0 },
    { "=result", RF_RESULT, 4, 0 }, { "=results", RF_RESULT, 4, 0 }, { "~inspectionresult", RF_RESULT, 4, 0 },
    { "~pass/fail", RF_RESULT, 4, 0 }, { "=compliant?", RF_RESULT, 3, 0 }, { "=condition", RF_RESULT, 3, 0 },

    { "=是", RF_YES, 4, 0 }, { "=yes", RF_YES, 4, 0 }, { "=y", RF_YES, 4, 0 }, { "=合格", RF_YES, 4, 0 },
    { "=符合", RF_YES, 4, 0 }, { "=正常", RF_YES, 4, 0 }, { "=pass", RF_YES, 4, 0 }, { "=ok", RF_YES, 4, 0 },
    { "=satisfactory", RF_YES, 4, 0 }, { "=否", RF_NO, 4, 0 }, { "=n", RF_NO, 4, 0 }, { "=不合格", RF_NO, 4, 0 },
    { "=不符合", RF_NO, 4, 0 }, { "=异常", RF_NO, 4, 0 }, { "=fail", RF_NO, 4, 0 }, { "=unsatisfactory", RF_NO, 4, 0 },

    { "~文号", RF_REFERENCE, 6, 0 }, { "~文件号", RF_REFERENCE, 6, 0 }, { "~通知书", RF_REFERENCE, 6, 0 },
    { "~依据", RF_IGNORE, 5, 0 }, { "~codereference", RF_IGNORE, 5, 0 }, { "=code", RF_IGNORE, 3, 0 },
    { "~照片", RF_IGNORE, 6, 0 }, { "~图片", RF_IGNORE, 6, 0 }, { "~photo", RF_IGNORE, 6, 0 },
    { "~督办", RF_IGNORE, 6, 0 }, { "~督促", RF_IGNORE, 5, 0 }, { "~监督", RF_IGNORE, 5, 0 },
    { "~督导", RF_IGNORE, 4, 0 }, { "~supervisor", RF_IGNORE, 4, 0 }, { "~验收人", RF_IGNORE, 6, 0 },
    { "~复查人", RF_IGNORE, 6, 0 }, { "~检查人", RF_IGNORE, 6, 0 }, { "~排查人", RF_IGNORE, 6, 0 },
    { "~发现人", RF_IGNORE, 6, 0 }, { "~上报人", RF_IGNORE, 6, 0 }, { "~填报人", RF_IGNORE, 6, 0 },
    { "~检查单位", RF_IGNORE, 4, 0 }, { "~检查部门", RF_IGNORE, 4, 0 }, { "~检查组", RF_IGNORE, 4, 0 },
    { "~检查负责人", RF_IGNORE, 7, 0 }, { "~检查责任人", RF_IGNORE, 7, 0 }, { "~排查责任人", RF_IGNORE, 7, 0 },
    { "~复查责任人", RF_IGNORE, 7, 0 }, { "~验收责任人", RF_IGNORE, 7, 0 }, { "~督办责任人", RF_IGNORE, 7, 0 },
    { "~inspector", RF_IGNORE, 6, 0 }, { "~inspectedby", RF_IGNORE, 6, 0 }, { "~reportedby", RF_IGNORE, 6, 0 },
    { "~raisedby", RF_IGNORE, 6, 0 }, { "~identifiedby", RF_IGNORE, 6, 0 }, { "~签字", RF_IGNORE, 7, 0 },
    { "~签名", RF_IGNORE, 7, 0 }, { "~signature", RF_IGNORE, 7, 0 }, { "~signed", RF_IGNORE, 6, 0 },
    { "~电话", RF_IGNORE, 6, 0 }, { "~联系人", RF_IGNORE, 6, 0 }, { "~联系方式", RF_IGNORE, 6, 0 },
    { "~phone", RF_IGNORE, 6, 0 }, { "~地址", RF_IGNORE, 5, 0 }, { "~address", RF_IGNORE, 5, 0 },
    { "~面积", RF_IGNORE, 4, 0 }, { "~资金来源", RF_IGNORE, 6, 0 }, { "~隐患来源", RF_IGNORE, 6, 0 },
    { "~问题来源", RF_IGNORE, 6, 0 }, { "=来源", RF_IGNORE, 4, 0 }, { "^是否", RF_IGNORE, 5, 0 },
    { "~facilitytype", RF_IGNORE, 6, 0 }, { "~inspectiontype", RF_IGNORE, 6, 0 }, { "=risk", RF_IGNORE, 4, 0 },
    { "~latitude", RF_IGNORE, 6, 0 }, { "~schoolcode", RF_IGNORE, 6, 0 }, { "~schooltype", RF_IGNORE, 6, 0 },
    { "~schooldistrict", RF_IGNORE, 6, 0 }, { "=district", RF_IGNORE, 4, 0 }, { "=borough", RF_IGNORE, 4, 0 },
    { "=boro", RF_IGNORE, 4, 0 }, { "=county", RF_IGNORE, 4, 0 }, { "=score", RF_IGNORE, 4, 0 },
    { "~postcode", RF_IGNORE, 5, 0 }, { "~schoolid", RF_IGNORE, 6, 0 }, { "~schoolyear", RF_IGNORE, 6, 0 }, { "~longitude", RF_IGNORE, 6, 0 }, { "=city", RF_IGNORE, 4, 0 },
    { "=state", RF_IGNORE, 4, 0 }, { "=zip", RF_IGNORE, 4, 0 }, { "~zipcode", RF_IGNORE, 4, 0 },
    { "~license", RF_IGNORE, 4, 0 }, { "=n/a", RF_IGNORE, 4, 0 }, { "=na", RF_IGNORE, 4, 0 },
    { "=不适用", RF_IGNORE, 4, 0 }, { "=乡镇", RF_IGNORE, 3, 0 }, { "~镇街", RF_IGNORE, 3, 0 },
    { "=整改前", RF_IGNORE, 4, 0 }, { "=整改后", RF_IGNORE, 4, 0 }, { "~现场图", RF_IGNORE, 4, 0 },
    { "$数", RF_IGNORE, 6, 0 }, { "$数量", RF_IGNORE, 7, 0 }, { "$率", RF_IGNORE, 6, 0 },
    { "$件次", RF_IGNORE, 6, 0 }, { "~numberof", RF_IGNORE, 6, 0 },
    { "=分值", RF_IGNORE, 4, 0 }, { "=得分", RF_IGNORE, 4, 0 }, { "=扣分", RF_IGNORE, 4, 0 },
    { "=学段", RF_IGNORE, 4, 0 }, { "=县区", RF_IGNORE, 3, 0 }, { "=区县", RF_IGNORE, 3, 0 },
};
/* clang-format on */

const size_t n_heading_words = N_OF(heading_words);

static bool
matches(struct str key, const char *pattern)
{
    struct str w = str_of(pattern + 1);

    switch (pattern[0]) {
    case '=':
        return str_eq(key, w);
    case '^':
        return str_starts(key, w);
    case '$':
        return rt_ends(key, pattern + 1);
    default:
        return str_find(key, w) >= 0;
    }
}

const struct heading_word *
heading_find(struct str key)
{
    const struct heading_word *best = NULL;
    size_t best_n = 0;

    for (size_t i = 0; i < n_heading_words; i++) {
        const struct heading_word *h = &heading_words[i];
        size_t n = strlen(h->pattern);

        if (!matches(key, h->pattern))
            continue;
        if (best == NULL || h->rank > best->rank ||
            (h->rank == best->rank && n > best_n)) {
            best = h;
            best_n = n;
        }
    }
    return best;
}

/* clang-format off */
static const struct { const char *key, *label; } fields[RF__MAX] = {
    [RF_NONE] = { "none", N_("Not used") },
    [RF_SCHOOL] = { "school", N_("School") },
    [RF_PLACE] = { "place", N_("Place") },
    [RF_DESCRIPTION] = { "description", N_("What is wrong") },
    [RF_CATEGORY] = { "category", N_("Category") },
    [RF_GRADE] = { "grade", N_("Grade") },
    [RF_MEASURES] = { "measures", N_("Measures") },
    [RF_RESPONSIBLE] = { "responsible", N_("Responsible") },
    [RF_FUNDS] = { "funds", N_("Funds") },
    [RF_DEADLINE] = { "deadline", N_("Deadline") },
    [RF_FOUND_ON] = { "found_on", N_("Found on") },
    [RF_STATUS] = { "status", N_("Status") },
    [RF_COMPLETED_ON] = { "completed_on", N_("Completed on") },
    [RF_PLAN] = { "plan", N_("Contingency plan") },
    [RF_SEQ] = { "seq", N_("Running number") },
    [RF_REMARK] = { "remark", N_("Remark") },
    [RF_CHECK_ITEM] = { "check_item", N_("What was checked") },
    [RF_RESULT] = { "result", N_("Result of the check") },
    [RF_YES] = { "yes", N_("Tick: in order") },
    [RF_NO] = { "no", N_("Tick: not in order") },
    [RF_REFERENCE] = { "reference", N_("Document number") },
    [RF_IGNORE] = { "ignore", N_("Left out") },
};
/* clang-format on */

const char *
reading_field_key(enum reading_field f)
{
    return f < RF__MAX ? fields[f].key : "none";
}

const char *
reading_field_label(enum reading_field f)
{
    return f < RF__MAX ? fields[f].label : fields[RF_NONE].label;
}

enum reading_field
reading_field_of(struct str key)
{
    for (int f = 0; f < RF__MAX; f++) {
        if (str_is(key, fields[f].key))
            return (enum reading_field)f;
    }
    return RF_NONE;
}
