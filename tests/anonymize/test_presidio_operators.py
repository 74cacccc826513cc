import pytest
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

from hushu.anonymize.keys import Key, Keyring
from hushu.anonymize.presidio import operators_for_presidio
from hushu.anonymize.tokens import Scope, token
from hushu.errors import HushuError

KEYS = Keyring(Key(bytes(range(32))))
TEXT = "张伟电话13800138000"
FOUND = [RecognizerResult("PERSON", 0, 2, 1.0), RecognizerResult("PHONE_NUMBER", 4, 15, 1.0)]


@pytest.fixture(scope="module")
def engine() -> AnonymizerEngine:
    made = AnonymizerEngine()
    for operator in operators_for_presidio():
        made.add_anonymizer(operator)
    return made


def run(engine: AnonymizerEngine, name: str, params: dict | None = None) -> str:
    config = OperatorConfig(name, params or {})
    return engine.anonymize(TEXT, FOUND, {"PERSON": config, "PHONE_NUMBER": config}).text


def test_masks_words_and_removal(engine):
    assert run(engine, "hushu_mask") == "张**电话138********"
    assert run(engine, "hushu_constant") == "<PERSON>电话<PHONE_NUMBER>"
    assert run(engine, "hushu_constant", {"value": "「{zh}」"}) == "「姓名」电话「手机或固定电话」"
    assert run(engine, "hushu_drop") == "电话"


def test_the_pseudonym_in_a_text_is_the_one_in_the_table(engine):
    scope = Scope(keys=KEYS, dataset="d", recipient="r")
    given = {"keys": KEYS, "dataset": "d", "recipient": "r"}
    expected = token("PERSON", "张伟", scope) + "电话" + token("PHONE_NUMBER", "13800138000", scope)
    assert run(engine, "hushu_pseudonym", given) == expected


def test_their_own_operators_are_still_there(engine):
    assert run(engine, "redact") == "电话"


def test_wrong_parameters_are_refused(engine):
    with pytest.raises(HushuError):
        run(engine, "hushu_truncate", {"keep": 0})
    with pytest.raises(HushuError):
        run(engine, "hushu_pseudonym")
