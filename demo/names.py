"""Names of people and places; nobody is meant."""

from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
    "阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
SHARES = (
    7.2, 7.0, 6.7, 5.3, 4.5, 3.1, 2.3, 2.2, 2.1, 2.0, 1.7, 1.5, 1.3, 1.3, 1.2, 1.2, 1.2, 1.1, 1.1,
    *(24 / (place + 2) for place in range(20, len(SURNAMES) + 1)),
)  # fmt: skip
"""How many of a hundred people have each of the surnames, about."""
DOUBLE_SURNAMES = ("欧阳", "上官", "司徒", "诸葛")
KOREAN_SURNAMES = "金李朴崔郑全许韩安尹姜池玄太"
"""Common among the 朝鲜族 of 延边."""

MALE = (
    "伟强磊军洋勇杰涛超明刚平辉鹏华飞斌波宇浩凯健俊帆帅旭宁龙林阳建国志文永春海东立新德庆洪树忠义"
)
FEMALE = "芳娜敏静丽艳娟霞秀兰燕玲桂丹萍红颖琳雪倩莹慧洁梅晶欣婷雅晨岩瑶玉淑英凤春华佳月美琪琴云莲"
BRANDS = (
    "禾丰", "北辰", "云岭", "白桦", "雪松", "柳源", "晨光", "松源", "长吉源", "青石", "望江",
    "泽润", "瑞田", "远山", "鸿基", "黑土", "春晖", "安澜", "宏远", "启明", "沃野",
    "清泉", "向阳", "金穗",
)  # fmt: skip
TOWNSHIPS = (
    "大岭", "新立", "万宝", "平安", "双河", "太平川", "三道沟", "青山", "永安", "四方台",
    "兴隆", "柳树",
)  # fmt: skip
STREETS = ("人民大街", "建设路", "解放大路", "新华街", "民主路", "迎宾路", "文化街", "滨河路")


def person_name(rng: Random, female: bool, korean: bool = False) -> str:
    """A surname and a given name of one or, mostly, two characters."""
    given = FEMALE if female else MALE
    surname = rng.choice(KOREAN_SURNAMES if korean else SURNAMES)
    return surname + "".join(rng.sample(given, 2 if rng.random() < 0.78 else 1))


def mixed_name(rng: Random) -> str:
    """The name of anybody."""
    return person_name(rng, rng.random() < 0.5)


def common_names(rng: Random, females: list[bool]) -> list[str]:
    """The names of many people, with surnames as common as they are; 2 to 4 characters."""
    surnames = [*SURNAMES, *DOUBLE_SURNAMES]
    shares = [*SHARES, *(0.1 for _ in DOUBLE_SURNAMES)]
    first = rng.choices(surnames, shares, k=len(females))
    return [
        surname + "".join(rng.choices(FEMALE if female else MALE, k=1 + (rng.random() < 0.78)))
        for surname, female in zip(first, females, strict=True)
    ]
