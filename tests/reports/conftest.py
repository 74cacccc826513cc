"""One synthetic case for every test of the reports: residents, visits, check-ins and cameras of a town."""

from __future__ import annotations

from typing import Any

import pytest

from hushu.anonymize.planfile import plan_digest
from hushu.model import (
    Column,
    Content,
    Evidence,
    Finding,
    Grade,
    Inventory,
    NotExamined,
    PackRef,
    Plan,
    PlanColumn,
    PlanTable,
    Purpose,
    PurposeItem,
    Reason,
    Release,
    Table,
)

HASHES = {"cn-national": "a1" * 32, "cn-sharing-809": "b2" * 32, "cn-shanghai": "c3" * 32}

FLOOR = Reason(
    rule="national.pi.direct",
    text="直接标识符与其他信息结合可识别特定自然人，一般个人信息不低于 G3",
    text_en="A direct identifier singles out a person; general personal information is at least G3",
    source="GB/T 43697-2024",
    article="5.4",
    verified="excerpt",
    effect="level>=G3",
)
SENSITIVE = Reason(
    rule="national.spi",
    text="敏感个人信息：一旦泄露容易导致人格尊严受侵害或者人身、财产安全受危害",
    text_en="Sensitive personal information: a leak easily harms dignity, body or property",
    source="个人信息保护法",
    article="第二十八条",
    verified="fulltext",
    effect="level>=G4",
)
REMEMBERED = Reason(
    rule="national.geo.precision",
    text="精确到 50 米以内的定位按行踪轨迹从严",
    text_en="Positions finer than 50 m are treated as tracks",
    source="TC260-PG-20212A",
    article="附录",
    verified="memory",
    effect="level>=G4",
)
COMBINED = Reason(
    rule="national.combination.name-id-address",
    text="姓名、证件号与住址同表出现，整表就高从严",
    text_en="Name, identity number and address stand in one table; the highest level holds",
    source="GB/T 43697-2024",
    article="6.6",
    verified="excerpt",
    effect="raise",
)
CONDITIONAL = Reason(
    rule="sharing.pi.conditional",
    text="涉及个人信息的政务数据列为有条件共享",
    text_en="Government data on persons is shared under conditions",
    source="政务数据共享条例",
    article="第十四条",
    verified="fulltext",
)
CLOSED = Reason(
    rule="shanghai.pi.closed",
    text="涉及个人信息的公共数据列为非开放类",
    text_en="Public data on persons is not opened",
    source="上海市数据条例",
    article="第四十一条",
    verified="excerpt",
)


def _grades(level: str, *reasons: Reason, review: bool = False) -> dict[str, Grade]:
    personal = level in {"G3", "G4"}
    return {
        "cn-national": Grade(level=level, because=reasons, review=review),
        "cn-sharing-809": Grade(
            level="conditional" if personal else "unconditional", because=(CONDITIONAL,) if personal else ()
        ),
        "cn-shanghai": Grade(level="closed" if personal else "open", because=(CLOSED,) if personal else ()),
    }


def _column(name: str, comment: str, type_: str | None, level: str, *reasons: Reason, **more: Any) -> Column:
    confidence = more.pop("confidence", 0.97)
    contains = more.pop("contains", ())
    evidence = (
        Evidence(kind="value", rule=f"value.{type_}", matched=19873, of=20000, weight=4.2),
        Evidence(kind="header", rule="header.word", weight=2.1, note=name),
    )
    return Column(
        name=name,
        comment=comment,
        data_type=more.pop("data_type", "VARCHAR(64)"),
        finding=Finding(
            type=type_,
            confidence=confidence,
            contains=contains,
            evidence=evidence if type_ else (),
            warnings=more.pop("warnings", ()),
        ),
        grades=_grades(level, *reasons, review=more.pop("review", False)),
        **more,
    )


def _resident() -> Table:
    return Table(
        name="t_resident",
        comment="实有人口登记",
        rows=20000,
        examined=20000,
        columns=(
            _column("id", "主键", None, "G1", primary_key=True, data_type="INTEGER", confidence=0.0),
            _column("xm", "姓名", "PERSON", "G3", FLOOR, COMBINED),
            _column("sfzh", "身份证号", "CN_RESIDENT_ID", "G4", FLOOR, COMBINED, status="confirmed"),
            _column("lxdh", "联系电话", "PHONE_NUMBER", "G3", FLOOR),
            _column("csrq", "出生日期", "BIRTH_DATE", "G3", FLOOR, data_type="DATE"),
            _column("zz", "现住址", "ADDRESS", "G3", FLOOR, COMBINED, confidence=0.88),
            _column("mz", "民族", "ETHNICITY", "G4", SENSITIVE, status="overridden"),
            _column("djzt", "登记状态", None, "G2", data_type="SMALLINT", confidence=0.0),
        ),
        grades=_grades("G4", SENSITIVE, COMBINED),
        facts={"persons": 20000, "minors": 2311},
    )


def _visit() -> Table:
    return Table(
        name="t_visit",
        comment="走访记录",
        rows=48210,
        examined=5000,
        method="sample",
        bound="抽样 5,000 行：低于万分之六的内容可能未被发现（95% 置信）",
        columns=(
            _column("visit_id", "编号", None, "G1", confidence=0.0),
            _column("resident_id", "人员主键", None, "G2", references="t_resident.id", confidence=0.0),
            _column(
                "remark",
                "走访备注",
                "FREE_TEXT",
                "G4",
                SENSITIVE,
                contains=(
                    Content(type="PERSON", count=402, share=0.0804),
                    Content(type="PHONE_NUMBER", count=126, share=0.0252),
                    Content(type="DIAGNOSIS", count=3, share=0.0006),
                ),
                warnings=("诊断内容仅 3 处，建议人工核对",),
            ),
        ),
        grades=_grades("G4", SENSITIVE),
    )


def _checkin() -> Table:
    return Table(
        name="t_checkin",
        comment="GPS 打卡",
        rows=9120,
        examined=9120,
        columns=(
            _column("officer", "采集员工号", "EMPLOYEE_NO", "G3", FLOOR, confidence=0.74),
            _column("lng", "经度", "GEO_COORDINATE", "G4", REMEMBERED, data_type="DOUBLE"),
            _column("lat", "纬度", "GEO_COORDINATE", "G4", REMEMBERED, data_type="DOUBLE"),
        ),
        grades=_grades("G4", REMEMBERED),
    )


def _camera() -> Table:
    return Table(
        name="t_camera",
        comment="公共视频统计",
        rows=6,
        examined=6,
        columns=(
            _column("kind", "类别", None, "G1", confidence=0.0),
            _column("total", "数量", None, "important", FLOOR, review=True, confidence=0.0),
        ),
        grades=_grades("important", FLOOR, review=True),
    )


@pytest.fixture(scope="session")
def inventory() -> Inventory:
    """Return the inventory of the synthetic case: four tables, three packs, three things not examined."""
    return Inventory(
        source="dongchacha.sqlite",
        scanned_at="2026-11-21T10:00:00+00:00",
        as_of="2026-11-21",
        tool="hushu 0.1.0",
        packs=tuple(PackRef(id=i, version="2026.11", sha256=h) for i, h in HASHES.items()),
        tables=(_resident(), _visit(), _checkin(), _camera()),
        not_examined=(
            NotExamined(what="t_photo.image", why="二进制列，未读取图像内容"),
            NotExamined(what="t_legacy", why="表名带涉密标记，已停止扫描"),
            NotExamined(what="t_visit：43,210 行", why="按抽样规则未读取"),
        ),
        grades=_grades("G4", COMBINED),
        conflicts=("t_resident.old_phone：定级意见所指的数据项已不存在（decisions.yaml 第 14 行）",),
    )


@pytest.fixture(scope="session")
def plan() -> Plan:
    """Return a plan that answers 'is this person registered' from one table."""
    minimal = Reason(
        rule="default-deny",
        text="目的之外的数据项不提供",
        text_en="What the purpose did not name does not leave",
        source="个人信息保护法",
        article="第六条",
        verified="fulltext",
    )

    def drop(name: str, type_: str | None) -> PlanColumn:
        return PlanColumn(name=name, type=type_, action="drop", why="用途未列明", because=(minimal,))

    return Plan(
        purpose=Purpose(
            id="check-registration",
            title="核对实有人口是否已登记",
            matter="居住登记",
            provider="某镇社会治理办",
            recipient="某派出所",
            basis="《上海市数据条例》第三十条",
            scenario="走访时现场核对",
            scope="本镇辖区",
            mode="核验接口",
            until="2027-06-30",
            items=(
                PurposeItem(item="CN_RESIDENT_ID", grain="pseudonym", why="核对同一人"),
                PurposeItem(item="t_resident.djzt", grain="yes_no", why="是否登记"),
            ),
            tables=("t_resident",),
        ),
        packs=tuple(PackRef(id=i, version="2026.11", sha256=h) for i, h in HASHES.items()),
        tables=(
            PlanTable(
                name="t_resident",
                columns=(
                    drop("id", None),
                    drop("xm", "PERSON"),
                    PlanColumn(
                        name="sfzh",
                        type="CN_RESIDENT_ID",
                        action="transform",
                        operator="pseudonym",
                        grain="pseudonym",
                        proposed="pseudonym",
                        output="person_token",
                        why="核对同一人，不需要号码本身",
                        because=(minimal,),
                    ),
                    drop("lxdh", "PHONE_NUMBER"),
                    PlanColumn(
                        name="csrq",
                        type="BIRTH_DATE",
                        action="transform",
                        operator="age_band",
                        params={"years": 10},
                        grain="band",
                        proposed="band",
                        output="age_band",
                        why="只需年龄段",
                    ),
                    drop("zz", "ADDRESS"),
                    drop("mz", "ETHNICITY"),
                    PlanColumn(
                        name="djzt",
                        type=None,
                        action="keep",
                        grain="exact",
                        proposed="yes_no",
                        output="registered",
                        reason="接收方系统只收状态码",
                    ),
                ),
            ),
        ),
        refused=("t_visit.remark：用途要求自由文本原文，无法证明已去标识，拒绝",),
        warnings=("年龄段与登记状态组合的最小等价类为 7",),
    )


@pytest.fixture(scope="session")
def release(plan: Plan) -> Release:
    """Return the release of that plan with the certificate that apply writes."""
    return Release(path="release", certificate=certificate() | {"plan_sha256": plan_digest(plan)})


def sizes(*rows: int) -> dict[str, int]:
    """Return the histogram of a risk report: rows by the least size of their class."""
    return dict(zip(("1", "2", "3", "5", "10", "20", "50", "100", "1000"), rows, strict=True))


def certificate() -> dict[str, Any]:
    """Return a certificate in the shape of hushu.certificate/1."""

    def risk(k: int, unique: float, top: float, mean: float, histogram: dict[str, int]) -> dict[str, Any]:
        return {
            "rows": 20000,
            "k": k,
            "l": 2,
            "t": 0.31,
            "unique_share": unique,
            "prosecutor": {"max": top, "mean": mean},
            "journalist": {"max": top, "mean": mean},
            "marketer": mean,
            "classes": 1840,
            "quasi_identifiers": ["csrq"],
            "standards": [
                {
                    "standard": "gbt42460",
                    "source": "GB/T 42460-2023 附录D",
                    "verified": "memory",
                    "model": "controlled",
                    "risk": mean,
                    "threshold": 0.05,
                    "holds": mean < 0.05,
                    "text": "受控共享的总体风险须低于 0.05",
                    "text_en": "the total risk of controlled sharing stays below 0.05",
                }
            ],
            "riskiest_columns": [{"column": "csrq", "share": 0.91}],
            "histogram": histogram,
        }

    return {
        "schema": "hushu.certificate/1",
        "created_at": "2026-11-21T10:05:00+00:00",
        "tool": "hushu 0.1.0",
        "purpose": {"id": "check-registration", "title": "核对实有人口是否已登记", "recipient": "某派出所"},
        "packs": [{"id": i, "version": "2026.11", "sha256": h} for i, h in HASHES.items()],
        "input": {
            "source": "dongchacha.sqlite",
            "tables": [{"name": "t_resident", "rows": 20000, "sha256": "f6" * 32}],
        },
        "output": {
            "files": [
                {
                    "name": "data.csv",
                    "rows": 19987,
                    "sha256": "07" * 32,
                    "columns": ["person_token", "age_band", "registered"],
                }
            ]
        },
        "columns": [
            {
                "table": "t_resident",
                "name": "sfzh",
                "type": "CN_RESIDENT_ID",
                "action": "transform",
                "operator": "pseudonym",
                "grain": "token",
                "because": [],
            }
        ],
        "key_ids": ["k-2f9c"],
        "risk": {
            "before": risk(
                1,
                0.913,
                1.0,
                0.92,
                sizes(18260, 1280, 360, 0, 100, 0, 0, 0, 0),
            ),
            "after": risk(
                7,
                0.0,
                0.1429,
                0.0012,
                sizes(0, 0, 0, 7, 48, 0, 660, 19285, 0),
            ),
        },
        "verification": {
            "holds": True,
            "checks": [
                {"name": "no-undeclared-columns", "holds": True, "detail": "3 / 3"},
                {"name": "no-raw-identifiers", "holds": True, "detail": "0"},
                {"name": "k>=5", "holds": True, "detail": "k = 7"},
            ],
        },
        "privacy": {"k": 5, "suppressed": 13},
        "fingerprint": None,
        "ledger": {"entry": 4, "sha256": "18" * 32},
    }
