"""The offices of the province: 60 counties, nine prefectures, and chains of three to five.

推荐单位 → 县主管部门 → 县人社局 → 市(州)人社局 → 评委会办事机构 in the counties, a step less
in the cities and for private firms, two less for units of the province (domain 06.1).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from demo.names import BRANDS, TOWNSHIPS
from demo.notices import PROVINCE_BUREAU
from demo.numbers import social_credit_code
from models.codes import CodeBook
from models.offices import Office, OfficeKind

PROVINCE = "220000"
OF_PROVINCE = "22B000"
"""省直: the local code of units that the province itself manages."""

STATE, PUBLIC, COMPANY, PRIVATE = "11", "12", "91", "52"
"""The first two characters of a code: whose register, and of what sort (GB 32100)."""

GENERAL = "吉林省职称评审委员会办公室"

WATER, BUILDING, HOSPITAL, SCHOOL = "water", "building", "hospital", "school"

BUREAU = "{place}人力资源和社会保障局"
DEPARTMENTS = {
    WATER: "{place}水利局",
    BUILDING: "{place}住房和城乡建设局",
    HOSPITAL: "{place}卫生健康局",
    SCHOOL: "{place}教育局",
}
OF_THE_PROVINCE = {
    WATER: ("吉林省水利厅", "吉林省工程系列高级职称评审委员会办公室"),
    BUILDING: ("吉林省住房和城乡建设厅", "吉林省工程系列高级职称评审委员会办公室"),
    HOSPITAL: ("吉林省卫生健康委员会", "吉林省卫生系列高级职称评审委员会办公室"),
    SCHOOL: ("吉林省教育厅", "吉林省教师系列高级职称评审委员会办公室"),
}

NAMED = {
    ("220182", WATER): "榆树市松江源水利勘测设计院",
    ("220102", SCHOOL): "长春市南关区晨光中学",
    ("222401", HOSPITAL): "延吉市海兰江医院",
    ("220200", HOSPITAL): "吉林市松江北岸医院",
    (OF_PROVINCE, WATER): "吉林省雪松水利水电勘测设计研究院",
}
"""Units that demo_accounts.csv speaks of; all others are named by lot."""


@dataclass(frozen=True)
class OfficePlan:
    """One office; ``trade`` is what a unit does, ``superior`` a name."""

    name: str
    uscc: str
    kind: OfficeKind
    region: str
    superior: str = ""
    nature: str = ""
    trade: str = ""
    grassroots: bool = False
    telephone: str = ""

    def made(self, superior: Office | None) -> Office:
        """Its row."""
        return Office(
            name=self.name,
            uscc=self.uscc,
            kind=self.kind,
            region=self.region,
            nature=self.nature,
            grassroots=self.grassroots,
            telephone=self.telephone,
            superior=superior,
        )


class Registrar:
    """Gives each office its code and telephone, and no name twice."""

    def __init__(self, rng: Random):
        self.rng, self.plans, self._names = rng, [], set()

    def add(self, name: str, kind: OfficeKind, region: str, register: str, **more) -> str:
        """One more office; its name."""
        serial = len(self.plans) + 1
        code = social_credit_code(register, region if region.isdigit() else PROVINCE, serial)
        telephone = f"0431-0{serial:07d}"
        self._names.add(name)
        self.plans.append(OfficePlan(name, code, kind, region, telephone=telephone, **more))
        return name

    def named(self, region: str, trade: str, pattern: str, place: str) -> str:
        """The name of a unit: the one that it must have, or one by lot that is free."""
        fixed = NAMED.get((region, trade))
        if fixed and fixed not in self._names:
            return fixed
        while True:
            words = {"brand": self.rng.choice(BRANDS), "town": self.rng.choice(TOWNSHIPS)}
            name = pattern.format(place=place, **words)
            if name not in self._names:
                return name


UNITS = {
    WATER: ("{place}{brand}水利勘测设计有限公司", COMPANY, "05", False),
    BUILDING: ("{place}{brand}建筑工程质量检测中心", PUBLIC, "02", False),
    HOSPITAL: ("{place}{brand}医院", PUBLIC, "03", False),
    SCHOOL: ("{place}{brand}中学", PUBLIC, "02", False),
}
TOWN_UNITS = {
    HOSPITAL: ("{place}{town}乡卫生院", PUBLIC, "02", True),
    SCHOOL: ("{place}{town}乡中心小学", PUBLIC, "02", True),
}
FIRMS = {
    WATER: ("{place}{brand}水利工程有限公司", COMPANY, "07", False),
    BUILDING: ("{place}{brand}建设集团有限公司", COMPANY, "07", False),
}


def offices(codes: CodeBook, rng: Random) -> list[OfficePlan]:
    """All offices, each after its superior."""
    register = Registrar(rng)
    _top(register)
    regions = codes.table("region_jilin").values()
    for city in (entry for entry in regions if entry.extra["level"] == "2"):
        if city.extra["origin"] == "GB":
            counties = [c for c in regions if c.extra["parent"] == city.code and c.code.isdigit()]
            _city(register, city.code, city.name, counties)
    _changbaishan(register)
    return register.plans


def _top(register: Registrar) -> None:
    register.add(GENERAL, OfficeKind.COMMITTEE, PROVINCE, STATE)
    register.add(PROVINCE_BUREAU, OfficeKind.BUREAU, PROVINCE, STATE, superior=GENERAL)
    firm = ("吉林省{brand}人才服务有限公司", COMPANY, "12", False)
    _unit(register, OF_PROVINCE, BUILDING, firm, "", PROVINCE_BUREAU)
    for committee in dict.fromkeys(committee for _name, committee in OF_THE_PROVINCE.values()):
        register.add(committee, OfficeKind.COMMITTEE, PROVINCE, STATE)
    for trade, (name, committee) in OF_THE_PROVINCE.items():
        register.add(name, OfficeKind.DEPARTMENT, PROVINCE, STATE, superior=committee)
        pattern, kind, nature, _town = UNITS[trade]
        of_province = (pattern.replace("{place}", "吉林省"), kind, nature, False)
        for _ in range(2):
            _unit(register, OF_PROVINCE, trade, of_province, "", name)
    group = "吉林省长吉源建设集团有限公司"
    above = OF_THE_PROVINCE[BUILDING][1]
    register.add(group, OfficeKind.DEPARTMENT, PROVINCE, COMPANY, superior=above)
    for pattern in ("吉林省长吉源{brand}建筑有限公司", "吉林省长吉源{brand}安装有限公司"):
        _unit(register, OF_PROVINCE, BUILDING, (pattern, COMPANY, "05", False), "", group)


def _city(register: Registrar, code: str, name: str, counties: Iterable) -> None:
    place = name.replace("朝鲜族自治州", "州")
    bureau = BUREAU.format(place=place)
    register.add(bureau, OfficeKind.BUREAU, code, STATE, superior=GENERAL)
    for trade, pattern in DEPARTMENTS.items():
        department = pattern.format(place=place)
        register.add(department, OfficeKind.DEPARTMENT, code, STATE, superior=bureau)
        _unit(register, code, trade, UNITS[trade], place, department)
    for number, county in enumerate(counties):
        district = county.name.endswith("区")
        full = place + county.name if district else county.name
        _county(register, county.code, full, bureau, number)


def _county(register: Registrar, code: str, place: str, city_bureau: str, number: int) -> None:
    bureau = BUREAU.format(place=place)
    register.add(bureau, OfficeKind.BUREAU, code, STATE, superior=city_bureau)
    works = WATER if (code, WATER) in NAMED or number % 2 else BUILDING
    for trade in (works, HOSPITAL, SCHOOL):
        department = DEPARTMENTS[trade].format(place=place)
        register.add(department, OfficeKind.DEPARTMENT, code, STATE, superior=bureau)
        _unit(register, code, trade, UNITS[trade], place, department)
        if trade in TOWN_UNITS and number % 3 == (trade == SCHOOL):
            _unit(register, code, trade, TOWN_UNITS[trade], place, department)
    if number % 2 == 0:
        _unit(register, code, works, FIRMS[works], place, bureau)


def _changbaishan(register: Registrar) -> None:
    """A zone of the province: its own bureau stands directly below the committee."""
    code, place = "22B001", "长白山保护开发区管委会"
    bureau = BUREAU.format(place=place)
    register.add(bureau, OfficeKind.BUREAU, code, STATE, superior=GENERAL)
    department = DEPARTMENTS[SCHOOL].format(place=place)
    register.add(department, OfficeKind.DEPARTMENT, code, STATE, superior=bureau)
    _unit(register, code, SCHOOL, UNITS[SCHOOL], "长白山保护开发区", department)


def _unit(register: Registrar, code: str, trade: str, what: tuple, place: str, above: str) -> None:
    pattern, kind, nature, grassroots = what
    name = register.named(code, trade, pattern, place)
    more = {"superior": above, "nature": nature, "trade": trade, "grassroots": grassroots}
    if name.endswith("设计院") or name.endswith("研究院"):
        kind, more["nature"] = PUBLIC, "03"
    register.add(name, OfficeKind.UNIT, code, kind, **more)


def units(plans: Iterable[OfficePlan]) -> Iterator[OfficePlan]:
    """The offices by way of which persons declare."""
    return (plan for plan in plans if plan.kind is OfficeKind.UNIT)
