"""The trades in which people work, and the words that their declarations are made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """One trade. ``titles`` are the codes of title_name by level, 1 to 4; ``degrees`` those
    of bachelor and master; ``kind`` is that of its units."""

    kind: str
    series: str
    titles: tuple[str, str, str, str]
    specialty: str
    majors: tuple[str, ...]
    degrees: tuple[str, str]
    posts: tuple[str, ...]
    duties: tuple[str, ...]
    things: tuple[str, ...]
    topics: tuple[str, ...]
    journals: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    project_kind: str
    report_kind: str
    devices: tuple[str, ...] = ()

    def title(self, level: str) -> str:
        """The code of the title of one level."""
        return self.titles[int(level) - 1]


ENGINEER = ("05011", "05012", "05013", "05014")
TEACHER = ("22011", "22012", "22013", "22014")

WATER = Trade(
    kind="water",
    series="05",
    titles=ENGINEER,
    specialty="水利水电工程",
    majors=("水利水电工程", "水文与水资源工程", "农业水利工程", "港口航道与海岸工程"),
    degrees=("408", "308"),
    posts=("设计室工程师", "项目负责人", "水工专业负责人", "工程管理科技术员"),
    duties=(
        "水库除险加固设计",
        "灌区续建配套与节水改造设计",
        "堤防和河道治理工程设计",
        "水工建筑物安全监测",
    ),
    things=("寒区水库", "灌区渠道", "中小河流堤防", "面板堆石坝", "涵闸基础", "小型水库"),
    topics=("冻融破坏机理", "安全监测", "渗流控制", "除险加固技术", "防冻胀结构", "优化调度"),
    journals=(("松辽水利技术", "CN 22-9101/TV"), ("寒区水利", "CN 22-9102/TV")),
    sources=("吉林省水利厅", "吉林省科学技术厅", "松原市水利局"),
    project_kind="03",
    report_kind="02",
    devices=("冰盖变形监测装置", "渠道衬砌防冻胀结构", "水位自动记录仪", "闸门止水构件"),
)
BUILDING = Trade(
    kind="building",
    series="05",
    titles=ENGINEER,
    specialty="建筑工程",
    majors=("土木工程", "建筑环境与能源应用工程", "给排水科学与工程", "工程管理"),
    degrees=("408", "343"),
    posts=("结构工程师", "项目技术负责人", "质量安全部工程师", "造价工程师"),
    duties=("房屋建筑施工技术管理", "结构设计与审查", "工程质量监督", "城镇供热管网改造"),
    things=("严寒地区住宅", "装配式混凝土结构", "深基坑支护", "供热管网", "既有建筑", "大跨钢结构"),
    topics=(
        "节能改造技术",
        "施工质量控制",
        "抗震性能",
        "冬期施工方法",
        "裂缝控制",
        "全过程造价管理",
    ),
    journals=(("北方建筑技术", "CN 22-9111/TU"), ("吉林土木工程", "CN 22-9112/TU")),
    sources=("吉林省住房和城乡建设厅", "吉林省科学技术厅", "长春市城乡建设委员会"),
    project_kind="03",
    report_kind="04",
    devices=("外墙保温板连接件", "混凝土冬期养护棚", "管道柔性接头", "模板快拆构件"),
)
MEDICINE = Trade(
    kind="hospital",
    series="04",
    titles=("04011", "04012", "04013", "04014"),
    specialty="心血管内科",
    majors=("临床医学", "中西医临床医学", "麻醉学"),
    degrees=("410", "345"),
    posts=("心内科医师", "急诊科医师", "内科副主任", "重症医学科医师"),
    duties=("心血管内科门诊、病房和急诊的诊疗", "急危重症救治", "慢性病规范管理", "住院医师带教"),
    things=("老年高血压", "急性心肌梗死", "慢性心力衰竭", "心房颤动", "冠心病合并糖尿病"),
    topics=("规范化管理效果", "早期预警指标", "联合用药疗效", "康复干预", "基层转诊模式"),
    journals=(("东北临床医学", "CN 22-9121/R"), ("基层心血管病学", "CN 22-9122/R")),
    sources=("吉林省卫生健康委员会", "吉林省科学技术厅"),
    project_kind="08",
    report_kind="07",
)
NURSING = Trade(
    kind="hospital",
    series="04",
    titles=("04031", "04032", "04033", "04034"),
    specialty="内科护理",
    majors=("护理学", "助产学"),
    degrees=("410", "310"),
    posts=("内科护师", "护士长", "重症监护室护士", "护理部干事"),
    duties=("内科病房临床护理", "重症患者监护", "护理质量控制", "护理教学和新护士带教"),
    things=("脑卒中恢复期患者", "老年压力性损伤", "糖尿病足", "ICU 患者", "慢阻肺患者"),
    topics=("延续护理", "早期活动方案", "集束化护理", "健康教育路径", "风险评估工具应用"),
    journals=(("东北护理", "CN 22-9131/R"), ("实用护理实践", "CN 22-9132/R")),
    sources=("吉林省卫生健康委员会", "吉林省护理学会"),
    project_kind="08",
    report_kind="07",
)
PHARMACY = Trade(
    kind="hospital",
    series="04",
    titles=("04021", "04022", "04023", "04024"),
    specialty="医院药学",
    majors=("药学", "临床药学", "中药学"),
    degrees=("410", "310"),
    posts=("药剂科药师", "临床药师", "静脉用药调配中心药师"),
    duties=("处方审核和用药咨询", "临床药学服务", "药品质量管理", "抗菌药物合理应用监测"),
    things=("抗菌药物", "静脉用药", "长白山道地药材", "慢性病长期处方"),
    topics=("合理应用分析", "审方规则优化", "质量控制", "不良反应监测"),
    journals=(("吉林医院药学", "CN 22-9141/R"),),
    sources=("吉林省卫生健康委员会", "吉林省药品监督管理局"),
    project_kind="08",
    report_kind="03",
)
CHINESE = Trade(
    kind="school",
    series="22",
    titles=TEACHER,
    specialty="语文",
    majors=("汉语言文学", "汉语言文学（师范）", "小学教育"),
    degrees=("405", "342"),
    posts=("语文教师", "班主任、语文教师", "教研组长"),
    duties=("语文教学和班主任工作", "语文教研组工作", "校本课程开发", "青年教师培养"),
    things=("整本书阅读", "农村初中作文", "古诗文", "单元整体教学", "小学低年段识字"),
    topics=("教学策略", "课堂评价", "任务群设计", "分层作业设计", "教学实践"),
    journals=(("东北基础教育", "CN 22-9151/G4"), ("语文课堂研究", "CN 22-9152/G4")),
    sources=("吉林省教育厅", "吉林省教育科学规划办公室"),
    project_kind="07",
    report_kind="08",
)
MATHEMATICS = Trade(
    kind="school",
    series="22",
    titles=TEACHER,
    specialty="数学",
    majors=("数学与应用数学", "数学与应用数学（师范）", "小学教育"),
    degrees=("407", "342"),
    posts=("数学教师", "班主任、数学教师", "教务处副主任"),
    duties=("数学教学和备课组工作", "教务管理", "数学竞赛辅导", "信息技术与学科融合的推进"),
    things=("初中几何", "函数单元", "小学计算教学", "数学建模", "问题链"),
    topics=("教学设计", "错题归因", "思维培养", "分层教学", "作业减负增效"),
    journals=(("东北基础教育", "CN 22-9151/G4"), ("数学教与学实践", "CN 22-9161/G4")),
    sources=("吉林省教育厅", "吉林省教育科学规划办公室"),
    project_kind="07",
    report_kind="08",
)

TRADES = (WATER, BUILDING, MEDICINE, NURSING, PHARMACY, CHINESE, MATHEMATICS)
