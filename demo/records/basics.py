"""基本信息 and 破格推荐专家."""

from datetime import date, timedelta
from random import Random

from demo.names import STREETS, person_name
from demo.numbers import identity_number, mobile
from demo.people import Career
from models.numbers import MALE

BREAKING, GRASSROOTS, SKILLED = "02", "10", "08"
"""Codes of declare_category that ask for reasons."""

REASONS = {
    BREAKING: (
        "任现职以来主持完成省级重点项目并获省级奖励，业绩突出，资历尚差一年，"
        "经两名正高级同行专家推荐破格申报。"
    ),
    GRASSROOTS: "在乡镇一线连续从事专业技术工作满十年，符合基层定向评价的条件。",
    SKILLED: "具有高级技师职业资格，长期从事技术技能工作，符合高技能人才贯通申报的条件。",
}

SUMMARY = (
    "本人自{begun}年参加工作以来，一直在{unit}从事{duty}，已有{years}年。",
    "拥护党的路线方针政策，遵守职业道德和单位的各项制度，服从安排，团结同事，作风踏实。",
    "任现职以来，系统学习了{specialty}专业的基础理论和新技术，每年完成规定的继续教育学时，"
    "能够独立解决工作中较为复杂的技术问题。",
    "围绕{thing}的{topic}开展了多年的工作，从收集资料、制定方案到现场实施和总结，均承担了主要任务，"
    "形成的做法在本单位推广应用，取得了较好的效果。",
    "重视资料积累和成果总结，结合工作实际撰写了论文和技术报告，参与完成了主管部门下达的项目。",
    "注重传帮带，先后指导青年同事多名，其中多人已成为业务骨干。",
    "工作中也存在不足，主要是对前沿理论的研究还不够深入，今后将继续学习，在实践中不断提高专业水平，"
    "为本地区的事业发展多作贡献。",
)
OPINION = (
    "该同志长期从事{specialty}专业工作，基础理论扎实，实践经验丰富，主持完成的项目在同行中有较大影响。"
    "任现职以来业绩突出，在{thing}的{topic}方面有独到的见解，解决了生产一线的关键技术问题，"
    "其成果已在省内推广，效益明显。该同志作风严谨，善于团队合作，具备相应的学术和技术水平。"
    "虽然资历年限略有不足，但能力和贡献均已达到申报级别的要求，同意推荐其破格申报。"
)
POLITICAL = ("01", "01", "13", "13", "13", "03", "10")


def basic_info(rng: Random, career: Career, category: str) -> dict:
    """What one declares and who one is at work."""
    one, trade = career.human, career.trade
    party = rng.choice(POLITICAL)
    return {
        "declare_category": category,
        **_reasons(category),
        "nation": one.nation,
        "political_status": party,
        "party_date": date(career.begun.year - 1, 7, 1) if party == "01" else None,
        "health_status": "10",
        "native_place": rng.choice(("220000", "220000", "220000", "210000", "230000", "370000")),
        **_contact(rng, career),
        "department": rng.choice(("业务一科", "业务二科", "技术部", "综合科")),
        "post_name": rng.choice(trade.posts),
        "admin_post": rng.choice(("无", "无", "无", "副科长", "科长")),
        "employment_type": "1" if career.public else "2",
        "on_duty_status": "1",
        "work_start_date": career.begun,
        "professional_years": career.years,
        "current_specialty": trade.specialty,
        **_title(rng, career),
        "apply_series": trade.series,
        "apply_specialty": trade.specialty,
        "apply_level": career.level,
        "apply_title_name": trade.title(career.level),
        "declare_method": "1",
        "is_grassroots": category == GRASSROOTS or None,
        "summary": "".join(SUMMARY).format(
            begun=career.begun.year,
            unit=career.unit,
            years=career.years,
            duty=rng.choice(trade.duties),
            specialty=trade.specialty,
            thing=rng.choice(trade.things),
            topic=rng.choice(trade.topics),
        ),
    }


def _reasons(category: str) -> dict:
    breaking = category == BREAKING
    return {
        "break_type": "01" if breaking else None,
        "waived_conditions": ["2"] if breaking else None,
        "break_reason": REASONS.get(category),
    }


def _contact(rng: Random, career: Career) -> dict:
    return {
        "mobile": career.human.mobile,
        "email": f"p{career.human.serial:05d}@example.invalid",
        "address": "吉林省" + rng.choice(STREETS) + f"{rng.randint(2, 998)}" + "号",
        "postcode": f"13{rng.randrange(10**4):04d}",
    }


def _title(rng: Random, career: Career) -> dict:
    """The title that one holds now."""
    appointed = career.title_day + timedelta(days=rng.randint(20, 90))
    return {
        "current_title_level": career.held,
        "current_title_series": career.trade.series,
        "current_title_name": career.trade.title(career.held),
        "current_title_specialty": career.trade.specialty,
        "current_title_date": career.title_day,
        "current_title_method": "1",
        "current_title_cert_no": f"{career.title_day.year}22{rng.randrange(10**6):06d}",
        "current_title_issuer": "吉林省人力资源和社会保障厅",
        "appointed_date": appointed if career.public else None,
    }


def experts(rng: Random, career: Career) -> list[dict]:
    """The two experts who recommend a 破格; one may be of the same unit."""
    trade = career.trade
    made = []
    for place in range(2):
        same = place == 0 and rng.random() < 0.5
        words = {"thing": rng.choice(trade.things), "topic": rng.choice(trade.topics)}
        made.append(
            {
                "expert_name": person_name(rng, female=False),
                "expert_sex": MALE,
                "expert_id_no": identity_number(
                    "220104", date(career.last_year - 55 + place, rng.randint(1, 12), 9), 511
                ),
                "expert_unit": career.unit if same else rng.choice(trade.sources),
                "expert_unit_same": same,
                "expert_title_level": "1",
                "expert_title_name": trade.title("1"),
                "expert_specialty": trade.specialty,
                "expert_title_date": date(career.last_year - rng.randint(6, 12), 12, 18),
                "expert_mobile": mobile(9_000_000 + rng.randrange(999_999)),
                "relation": "同事" if same else "同行",
                "recommend_opinion": OPINION.format(specialty=trade.specialty, **words),
                "recommend_date": date(career.last_year, 12, rng.randint(1, 28)),
            }
        )
    return made
