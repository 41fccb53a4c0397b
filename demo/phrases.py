"""What offices say: opinions (审核意见) and the phrases that they keep."""

from random import Random

APPROVALS = (
    "经审核，材料真实，公示无异议，同意推荐。",
    "材料齐全，符合申报条件，同意上报。",
    "已核对原件，手续完备，同意推荐上报。",
    "经审查，学历、资历、业绩符合要求，同意上报。",
)
PASSES = ("审核通过，提交评审委员会评审。", "材料符合评审要求，予以受理，终审通过。")
RETURNS = ("请按以下意见修改后重新提交：", "以下内容需要补正：", "材料不完整，请补充：")
HAND_BACKS = (
    "公示表日期与推荐报告不一致，请重新审核后上报。",
    "推荐意见过于简单，请核实业绩后重新审核。",
    "附件与填报内容不符，请重新核对。",
)
TERMINATIONS = (
    "经核实，任现职年限不足，不符合申报条件，终止审核。",
    "申报人已调离推荐单位，终止审核。",
    "所报专业不在本次评审范围内，终止审核。",
)
SYSTEM_PHRASES = (
    "经审核，材料真实，公示无异议，同意推荐。",
    "材料齐全，符合申报条件，同意上报。",
    "请补充上传论文的封面、版权页、目录和正文。",
    "年度考核结果与考核表不一致，请核对。",
    "公示表未加盖公章，请重新上传。",
)
OWN_PHRASES = ("已与本人核实，同意推荐。", "请先到人事科核对档案后再提交。")


def returning(rng: Random, notes: list[str]) -> str:
    """The opinion of a return, with what is wrong."""
    return rng.choice(RETURNS) + "；".join(notes) + "。"
