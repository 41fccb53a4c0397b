"""工作业绩信息 in words, 荣誉奖励 and 惩罚处分."""

from datetime import date, timedelta
from random import Random

from demo.people import Career
from demo.records.achievements import a_day, subject

ESSAYS = {
    "innovation": (
        "改进了{0}工作中{1}的做法，把原来逐项人工核对改为分类统一处理，"
        "缩短了周期，减少了差错，已在本单位推行。"
    ),
    "recognition": (
        "担任本地区专业委员会委员，多次受邀参加{0}方面的技术咨询和评审，得到同行认可。"
    ),
    "grassroots": (
        "工作以来长期在县乡一线服务，参加了{0}的现场工作和技术帮扶，累计服务时间超过三年。"
    ),
    "other_achievement": "参与编写本单位{0}工作手册，组织青年人员开展{1}专题培训多期。",
}
RESULT = "{0}{1}与应用"
HONOURS = ("先进工作者", "优秀专业技术人员", "岗位能手", "优秀共产党员")


def essay(rng: Random, career: Career, key: str) -> list[dict]:
    """One of the sections of a few words, if there is anything to say."""
    likely = 0.9 if key == "grassroots" and career.grassroots else 0.6
    if rng.random() > likely:
        return []
    return [{"content": ESSAYS[key].format(*subject(rng, career))}]


def awards(rng: Random, career: Career) -> list[dict]:
    """A prize for a result, an honour of the unit, both or none."""
    made = []
    if rng.random() < 0.4:
        made.append(_prize(rng, career))
    if rng.random() < 0.6:
        made.append(_honour(rng, career))
    for place, row in enumerate(made):
        row["is_representative"] = place == 0
    return made


def _prize(rng: Random, career: Career) -> dict:
    thing, topic = subject(rng, career)
    return {
        "name": "吉林省教学成果奖" if career.trade.series == "22" else "吉林省科学技术进步奖",
        "kind": "03" if career.trade.series == "22" else "01",
        "level": "2",
        "grade": rng.choice("23"),
        "award_date": a_day(rng, career),
        "award_org": "吉林省人民政府",
        "project_name": RESULT.format(thing, topic),
        "certificate_no": f"J{career.last_year}{rng.randrange(1000):03d}",
        "rank": rng.randint(1, 5),
        "total": 9,
    }


def _honour(rng: Random, career: Career) -> dict:
    return {
        "name": rng.choice(HONOURS),
        "kind": "07",
        "level": "5",
        "grade": "8",
        "award_date": a_day(rng, career),
        "award_org": career.unit,
    }


def penalties(career: Career) -> list[dict]:
    """One person in thirty has one, long over; all others tick 本人无惩罚处分."""
    if career.human.serial % 30 != 20:
        return []
    decided = date(career.last_year - 4, 5, 12)
    return [
        {
            "penalty_kind": "01",
            "penalty_level": "警告",
            "name": "党内警告",
            "decide_org": "中共" + career.unit + "委员会",
            "decide_date": decided,
            "reason": "违反考勤纪律。",
            "start_date": decided,
            "end_date": decided + timedelta(days=365),
            "status": "2",
            "lift_date": decided + timedelta(days=366),
        }
    ]
