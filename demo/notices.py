"""The notices: one open, one in its last days, one over, one to come, and some more."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.clock import SHANGHAI, day_of
from models.notice import Notice
from models.offices import Office

PROVINCE_BUREAU = "吉林省人力资源和社会保障厅"
CITY_BUREAU = "长春市人力资源和社会保障局"

TO_READ = (
    "一、申报人须与推荐单位建立人事（劳动）关系，并在本系统绑定推荐单位。\n"
    "二、业绩成果、论文著作、学历资历的计算截止到{cut_off}。\n"
    "三、附件须为原件的扫描件，字迹清晰；学历在线验证报告须为学信网下载的 PDF 原件。\n"
    "四、推荐单位须将申报材料公示 5 个工作日，无异议后方可审核推荐。\n"
    "五、弄虚作假的，取消申报资格，并按规定记入职称评审诚信档案。"
)
SELF_CHECK = (
    "遵守国家法律法规，具有良好的职业道德",
    "在职在岗，不在处分（影响）期内",
    "学历、资历符合申报级别的要求",
    "按规定完成继续教育学时",
    "近五年年度考核均为合格（称职）以上",
)


@dataclass(frozen=True)
class NoticePlan:
    """One notice. Days are counted from today; windows open at 8:30 and close at 17:00.

    ``settled`` is the day by which upper offices are through with it.
    """

    key: str
    title: str
    series: str
    levels: tuple[str, ...]
    declare: tuple[int, int]
    audit: tuple[int, int]
    owner: str = PROVINCE_BUREAU
    regions: tuple[str, ...] = ()
    policy: str = "direct"
    published: bool = True
    settled: int = 0
    share: int = 1

    def year(self, today: date) -> int:
        """The year in which it was put out."""
        return (today + timedelta(days=self.declare[0])).year

    def opens(self, today: date) -> datetime:
        """When persons may begin to declare."""
        return at(today, self.declare[0], time(8, 30))

    def declare_ends(self, today: date) -> datetime:
        """When persons have to have declared."""
        return at(today, self.declare[1], time(17))

    def audit_ends(self, today: date) -> datetime:
        """When units have to have audited."""
        return at(today, self.audit[1], time(17))

    def ended(self, now: datetime) -> datetime:
        """Until when anything happens to its declarations in the demonstration."""
        if self.settled:
            return at(day_of(now), self.settled, time(17))
        return now

    def made(self, today: date, owner: Office) -> Notice:
        """Its row."""
        cut_off = date(self.year(today) - 1, 12, 31)
        return Notice(
            title=self.title.format(year=self.year(today)),
            year=self.year(today),
            owner=owner,
            series=[self.series],
            levels=list(self.levels),
            specialties=[],
            regions=list(self.regions),
            declare_start=self.opens(today),
            declare_end=self.declare_ends(today),
            audit_start=at(today, self.audit[0], time(8, 30)),
            audit_end=self.audit_ends(today),
            cut_off=cut_off,
            to_read=TO_READ.format(cut_off=f"{cut_off:%Y-%m-%d}"),
            self_check=list(SELF_CHECK),
            resubmit_policy=self.policy,
            published=self.published,
        )


def at(today: date, days: int, hour: time) -> datetime:
    """An hour of a day in Asia/Shanghai."""
    return datetime.combine(today + timedelta(days=days), hour, SHANGHAI)


SENIOR = ("1", "2")

NOTICES = (
    NoticePlan(
        "engineering", "{year}年度全省工程系列高级职称申报评审通知", "05", SENIOR,
        declare=(-36, 20), audit=(-34, 40), share=9,
    ),
    NoticePlan(
        "health", "{year}年度全省卫生系列高级职称申报评审通知", "04", SENIOR,
        declare=(-52, -5), audit=(-50, 2), share=6,
    ),
    NoticePlan(
        "teachers", "{year}年度全省中小学教师系列高级职称申报评审通知", "22", SENIOR,
        declare=(-152, -101), audit=(-150, -85), settled=-12, share=5,
    ),
    NoticePlan(
        "intermediate", "{year}年度全省工程系列中级职称申报评审通知", "05", ("3",),
        declare=(-30, 14), audit=(-28, 30), policy="restart", share=4,
    ),
    NoticePlan(
        "local", "{year}年度长春市中小学教师系列中级职称申报评审通知", "22", ("3",),
        declare=(-26, 11), audit=(-24, 25), owner=CITY_BUREAU, regions=("220100",), share=2,
    ),
    NoticePlan(
        "agriculture", "{year}年度全省农业系列高级职称申报评审通知", "06", SENIOR,
        declare=(9, 50), audit=(11, 65), share=0,
    ),
    NoticePlan(
        "archives", "{year}年度全省档案系列中高级职称申报评审通知（征求意见稿）", "11",
        (*SENIOR, "3"), declare=(20, 60), audit=(22, 75), published=False, share=0,
    ),
)  # fmt: skip
