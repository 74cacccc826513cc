from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest

from hushu.anonymize.operators import Context, make
from hushu.anonymize.values import hierarchies
from hushu.anonymize.values.addresses import cut
from hushu.errors import ConfigError

SAMPLES = {
    "region": ["310115001002", "310115", "31", "上海市浦东新区", "浙江杭州西湖区", "990"],
    "address": [
        "上海市静安区南京西路1000弄5号601室",
        "浦东新区川沙新镇新川路１号",
        "200120上海市",
        "江苏省昆山市花桥镇光明路5号",
        "南京东路1号",
        "",
    ],
    "age": ["0", "4.5", "37", "104", "不详"],
    "income": ["0", "-1", "5,500", "2000000"],
    "date": ["1990-01-02", "1990年1月2日", "19900102", "1990-01-02 12:00", "1990", "无"],
    "industry": ["0111", "A", "稻谷种植", "农业", "没有"],
    "education": ["本科", "大专", "博士研究生", "没有"],
}


@pytest.mark.parametrize("name", hierarchies.names())
def test_each_level_is_decided_by_the_one_below(name):
    # Two values that agree on a level agree on every coarser one, or levels would not nest.
    hierarchy = hierarchies.load(name)
    rows = [row for row in hierarchy.rows(SAMPLES[name]) if row[1] != hierarchies.TOP]
    assert rows
    for fine, coarse in pairwise(range(1, len(hierarchy.levels) + 1)):
        above: dict[str, str] = {}
        for row in rows:
            assert above.setdefault(row[fine], row[coarse]) == row[coarse]
    assert all(row[-1] == hierarchies.TOP for row in hierarchy.rows(SAMPLES[name]))


@pytest.mark.parametrize("name", ["age", "income"])
def test_band_limits_nest(name):
    limits = hierarchies.load(name).limits
    for fine, coarse in pairwise(limits):
        assert set(coarse) <= set(fine)
        assert list(fine) == sorted(fine)


@pytest.mark.parametrize(
    ("address", "depth", "expected"),
    [
        ("上海市浦东新区世纪大道100号2栋301室", "district", "上海市浦东新区"),
        ("浦东新区世纪大道100号", "district", "上海市浦东新区"),
        ("上海 徐汇区漕溪北路", "district", "上海市徐汇区"),
        ("杭州西湖区文三路1号", "city", "浙江省杭州市"),
        ("江苏省昆山市花桥镇光明路5号", "street", "江苏省苏州市昆山市花桥镇"),
        ("上海市松江区洞泾镇新农社区长兴路1号", "street", "上海市松江区洞泾镇"),
        ("上海市松江区洞泾镇新农社区长兴路1号", "road", "上海市松江区洞泾镇新农社区长兴路"),
        ("上海市静安区南京西路1000弄5号601室", "lane", "上海市静安区南京西路1000弄"),
        ("上海市静安区南京西路1000弄5号601室", "number", "上海市静安区南京西路1000弄5号"),
        ("内蒙古呼和浩特市新城区", "province", "内蒙古自治区"),
        ("南京东路1号", "district", None),
        ("北京西路8号", "city", None),
        ("朝阳区建国路8号", "district", None),
        ("13800138000", "district", None),
    ],
)
def test_addresses_are_cut_where_they_can_be_read_and_nowhere_else(address, depth, expected):
    assert cut(address, depth) == expected


@pytest.mark.parametrize("name", hierarchies.names())
def test_a_column_is_lifted_as_each_of_its_values(name):
    hierarchy = hierarchies.load(name)
    for values in (SAMPLES[name], [v for v in SAMPLES[name] if v.isdecimal()] * 2):
        column = pa.array([None, *values, None], pa.string()).slice(1)
        for level in range(len(hierarchy.levels) + 1):
            expected = [*(hierarchy.lift(v, level) for v in values), None]
            assert hierarchy.lift_all(column, level).to_pylist() == expected


def test_what_a_hierarchy_does_not_know_becomes_the_default_and_is_counted():
    operator = make("generalize", {"hierarchy": "education", "level": 1, "default": "其他"})
    column = pa.array(["本科", "天书", None, "天书"])
    assert operator(column, Context()).to_pylist() == ["本科专科", "其他", None, "其他"]
    assert operator.unseen(column) == 2


def test_a_file_of_rows(tmp_path: Path):
    path = tmp_path / "h.csv"
    path.write_text("# jobs\n教师;文教;*\n医生;卫生;*\n", "utf-8")
    operator = make("generalize", {"hierarchy": str(path), "level": 1})
    assert operator(pa.array(["医生", "矿工"]), Context()).to_pylist() == ["卫生", "*"]


@pytest.mark.parametrize("text", ["", "a\nb\n", "a;b;*\nc;*\n", "a;b\na;c\n"])
def test_broken_files_are_refused(tmp_path: Path, text):
    path = tmp_path / "h.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as refused:
        hierarchies.from_file(path)
    assert refused.value.code == "HS-E153"


@pytest.mark.parametrize("params", [{"hierarchy": "nowhere", "level": 1}, {"hierarchy": "age", "level": 9}])
def test_unknown_names_and_levels_are_refused_when_the_plan_is_read(params):
    with pytest.raises(ConfigError):
        make("generalize", params)
