from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hushu.anonymize.keys import Key, Keyring
from hushu.anonymize.operators import Context, make
from hushu.anonymize.values.dates import as_dates
from hushu.errors import ConfigError

KEYS = Keyring(Key(bytes(range(32))))


def context(entity, type_id: str = "", **more) -> Context:
    return Context(
        **({"dataset": "d", "recipient": "r", "type": type_id, "keys": KEYS, "entity": entity} | more)
    )


def test_dates_are_read_however_they_were_written():
    written = [
        "1990-01-02",
        "1990/1/2",
        "19900102",
        "1990年1月2日",
        "1990.01.02",
        "1990-01-02 12:30:00",
        "１９９０-01-02",
    ]
    assert set(as_dates(pa.array(written)).to_pylist()) == {date(1990, 1, 2)}
    assert as_dates(pa.array(["1990-02-30", "昨天", "19901", "", None])).to_pylist() == [None] * 5
    assert as_dates(pa.array([19900102])).to_pylist() == [date(1990, 1, 2)]
    assert as_dates(pa.array([datetime(1990, 1, 2, 23, 59)])).to_pylist() == [date(1990, 1, 2)]


@pytest.mark.parametrize(
    ("part", "expected"), [("month", "1990-11"), ("quarter", "1990Q4"), ("year", "1990"), ("decade", "1990s")]
)
def test_parts(part, expected):
    column = pa.array(["1990-11-02", "?", None])
    assert make("date_part", {"part": part})(column, Context()).to_pylist() == [expected, None, None]


def events(persons: int, each: int, seed: int = 0) -> tuple[pa.Array, pa.Array]:
    """Office visits: Mondays to Fridays only."""
    rng = np.random.default_rng(seed)
    workdays = [d for n in range(700) if (d := date(2023, 1, 2) + timedelta(n)).weekday() < 5]
    who = np.repeat(np.arange(persons), each)
    when = [workdays[i] for i in rng.integers(0, len(workdays), persons * each)]
    return pa.array([f"p{n}" for n in who]), pa.array(when, pa.date32())


def days(column: pa.Array) -> np.ndarray:
    return column.cast(pa.int32()).to_numpy()


def test_intervals_of_a_person_hold_and_no_date_stays():
    who, when = events(300, 5)
    moved = make("date_shift")(when, context(who))
    shift = (days(moved) - days(when)).reshape(-1, 5)
    assert (shift == shift[:, :1]).all()
    assert (shift != 0).all()
    assert (abs(shift) <= 52 * 7).all()
    assert len(np.unique(shift[:, 0])) > 80


def test_the_weekday_attack_gets_nothing():
    # With shifts by days, the rhythm of office days would name the shift modulo 7.
    who, when = events(50, 30)
    for jitter in (0, 2):
        moved = make("date_shift", {"jitter_weeks": jitter})(when, context(who))
        assert ((days(moved) - days(when)) % 7 == 0).all()
        assert pc.all(pc.equal(pc.day_of_week(moved), pc.day_of_week(when))).as_py()


def test_a_known_event_does_not_give_away_the_other_dates():
    # The attacker knows one true date of each person and which row it is, and moves all rows back by it.
    who, when = events(400, 6)
    moved = make("date_shift", {"jitter_weeks": 2})(when, context(who))
    shift = (days(moved) - days(when)).reshape(-1, 6)
    guessed = shift[:, 1:] == shift[:, :1]
    assert guessed.mean() < 0.25  # five places are equally likely: 0.2
    assert abs(shift[:, 1:] - shift[:, :1]).max() <= 4 * 7


def test_a_known_event_says_nothing_about_other_persons():
    who, when = events(2000, 1)
    shift = days(make("date_shift")(when, context(who))) - days(when)
    counts = np.unique(shift, return_counts=True)[1]
    assert counts.max() < 60  # 104 offsets, about 19 persons each


def test_tables_of_one_release_move_together_and_recipients_do_not():
    who, when = events(50, 2)
    one = make("date_shift", {"jitter_weeks": 2})
    as_text = pc.strftime(when, format="%Y/%m/%d")
    other = one(as_text, context(pc.utf8_upper(who), entity_type="EMPLOYEE_NO"))
    first = one(when, context(pc.utf8_upper(who), entity_type="EMPLOYEE_NO"))
    assert other.to_pylist() == [d.isoformat() for d in first.to_pylist()]
    recipient = one(when, context(pc.utf8_upper(who), entity_type="EMPLOYEE_NO", recipient="q"))
    assert pc.mean(pc.equal(first, recipient).cast(pa.int8())).as_py() < 0.1


def test_kinds_are_kept_and_what_is_no_date_or_nobodys_is_gone():
    who = pa.array(["a", "a", None, "b"])
    text = make("date_shift")(
        pa.array(["2024-01-31 08:00:00", "无", "2024-01-31", None]), context(who)
    ).to_pylist()
    assert text[0].endswith(" 08:00:00")
    assert text[1:] == [None, None, None]
    stamps = pa.array([datetime(2024, 1, 31, 8, 0)] * 4, pa.timestamp("us"))
    moved = make("date_shift")(stamps, context(who))
    assert moved.type == stamps.type
    assert moved[0].as_py().time() == stamps[0].as_py().time()
    assert moved[2].as_py() is None


def test_no_entity_no_shift():
    with pytest.raises(ConfigError) as refused:
        make("date_shift")(pa.array(["2024-01-31"]), context(None))
    assert refused.value.code == "HS-E157"


@pytest.mark.parametrize("params", [{"weeks": 5}, {"weeks": 9, "jitter_weeks": 2}, {"jitter_weeks": -1}])
def test_too_little_room_is_refused(params):
    with pytest.raises(ConfigError):
        make("date_shift", params)


@pytest.mark.parametrize(
    ("part", "type_id", "value", "expected"),
    [
        ("birth_year", "CN_RESIDENT_ID", "310101190001010011", "1900"),
        ("birth_month", "CN_RESIDENT_ID", "310101000101001", "1900-01"),
        ("gender", "CN_RESIDENT_ID", "310101190001010011", "男"),
        ("gender", "CN_RESIDENT_ID", "31010119000101002x", "女"),
        ("district", "CN_RESIDENT_ID", "310115199001010010", "上海市浦东新区"),
        ("district", "CN_RESIDENT_ID", "310103199001010010", "上海市卢湾区"),
        ("district", "CN_RESIDENT_ID", "310199199001010010", "310199"),
        ("city", "CN_RESIDENT_ID", "330106199001010010", "浙江省杭州市"),
        ("province", "CN_RESIDENT_ID", "310103199001010010", "上海市"),
        ("district", "CN_FOREIGNER_ID", "931840190001010010", None),
        ("gender", "CN_RESIDENT_ID", "310101199002300010", None),
        ("birth_decade", "BIRTH_DATE", "1987年6月5日", "1980s"),
        ("age_band", "BIRTH_DATE", "1990-11-22", "[30,40)"),
        ("age", "BIRTH_DATE", "1990-11-22", 35),
        ("age", "BIRTH_DATE", "1990-11-21", 36),
        ("age", "BIRTH_DATE", "2030-01-01", None),
        ("age", "CN_RESIDENT_ID", "不详", None),
    ],
)
def test_derive(part, type_id, value, expected):
    operator = make("derive", {"part": part, "as_of": "2026-11-21"})
    assert operator(pa.array([value, None]), Context(type=type_id)).to_pylist() == [expected, None]


def test_ages_need_a_day():
    with pytest.raises(ConfigError):
        make("derive", {"part": "age"})


def visits(persons: int, each: int) -> pa.Table:
    draw = np.random.default_rng(4)
    days = np.datetime64("2024-01-01") + draw.integers(0, 700, persons * each)
    names = [f"3101991990{n:08d}" for n in range(persons)]
    return pa.table({"sfzh": pa.array(np.repeat(names, each)), "jzrq": pa.array(days.astype(str))})


@pytest.mark.parametrize(("jitter", "bound"), [(0, 1.0), (2, 0.2), (5, 1 / 11)])
def test_the_certificate_tells_what_a_known_event_gives_away(jitter, bound):
    import hushu
    from hushu.model import Plan, PlanColumn, PlanTable, Purpose

    columns = (
        PlanColumn(name="sfzh", type="CN_RESIDENT_ID", action="transform", operator="pseudonym", grain="pseudonym"),
        PlanColumn(name="jzrq", type=None, action="transform", operator="date_shift", grain="interval",
                   params={"jitter_weeks": jitter}, output="any"),
    )  # fmt: skip
    purpose = Purpose(
        id="d", title="t", matter="m", provider="a", recipient="b", basis="x", scenario="s", scope="c",
        mode="服务接口", until="2027-01-01", use="share", items=(), privacy={},
    )  # fmt: skip
    made = Plan(purpose=purpose, packs=(), tables=(PlanTable(name="frame", columns=columns),))
    rows = visits(1500, 4)
    release = hushu.apply(made, rows, key=bytes(range(32)))
    attack = release.certificate["columns"][1]["known_event_attack"]
    assert attack["bound"] == round(bound, 4)
    assert attack["pairs"] > 4000
    spread = 5 * (bound * (1 - bound) / attack["pairs"]) ** 0.5
    assert attack["guessed"] == pytest.approx(bound, abs=spread + 1e-9)


def test_many_known_events_guess_no_better_than_the_bound():
    rows = visits(600, 9)
    moved = as_dates(make("date_shift", {"jitter_weeks": 2})(rows["jzrq"], context(rows["sfzh"])))
    true = as_dates(rows["jzrq"]).cast(pa.int32()).to_numpy().reshape(-1, 9)
    weeks = (moved.cast(pa.int32()).to_numpy().reshape(-1, 9) - true) // 7
    # Eight known events give the offset away nearly always; the ninth still has a draw of its own.
    known, hidden = weeks[:, :8], weeks[:, 8]
    middle = (known.min(axis=1) + known.max(axis=1)) // 2
    spread = known.max(axis=1) - known.min(axis=1)
    assert (spread == 4).mean() > 0.5
    sure = (spread == 4) & ~(true[:, :8] == true[:, 8:]).any(axis=1)
    best = max(float((hidden - middle == move)[sure].mean()) for move in range(-2, 3))
    assert best < 0.2 + 5 * (0.16 / sure.sum()) ** 0.5
