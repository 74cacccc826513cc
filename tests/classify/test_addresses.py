"""The floor under the model: division, road and house number."""

import pytest

from hushu.classify.addresses import addresses


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("他在西湖区文三路478号百味源面馆吃面", "西湖区文三路478号"),
        ("系思明区禾祥西路77号福满堂药店经营者", "思明区禾祥西路77号"),
        ("称南山区桃园路2号田厦国际中心A座门口", "南山区桃园路2号"),
        ("住安徽省六安市金寨县红军大道12号3栋402室", "安徽省六安市金寨县红军大道12号3栋402室"),
        ("家住浦东新区羽山路1412弄27号502室", "浦东新区羽山路1412弄27号502室"),
    ],
)
def test_found(text, wanted):
    assert [text[s.start : s.end] for s in addresses([text])[0]] == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "沪府发〔2019〕21号文件",
        "人民路上堵车",
        "乘坐地铁2号线",
        "路西侧12号线施工",
        "一路走到3号窗口",
        "该路段28号起封闭",
    ],
)
def test_not_found(text):
    assert addresses([text]) == [[]]
