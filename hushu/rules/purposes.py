"""The file ``purpose.yaml``: who asks for what, on what basis (order 809, article 20).

Keys may be written in English or with the words of the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, field_validator, model_validator

from hushu.errors import InputError
from hushu.model import Purpose, PurposeItem
from hushu.rules.counttables import CountTableFile, count_spec
from hushu.rules.limits import GRAINS
from hushu.rules.packload import LocatedYaml, validated

GRAINS_ZH: dict[str, str] = {
    "不提供": "drop",
    "原值": "exact", "掩码": "masked", "脱敏": "masked", "假名": "pseudonym", "区间": "band",
    "街道": "street", "区县": "district", "地市": "city", "省": "province", "年月": "month", "月": "month",
    "年": "year", "年代": "decade", "是否": "yes_no", "核验": "yes_no", "计数": "count", "统计": "count",
    "去隐私文本": "redacted",
}  # fmt: skip
_MODES_EN = {"service": "服务接口", "batch": "批量交换", "file": "文件下载"}
USE_WORDS: dict[str, str] = {
    "内部使用": "internal", "共享": "share", "开放": "open", "授权运营": "authorised", "委托处理": "entrust",
    "出境": "cross-border", "收集": "collect",
    "authorised_operation": "authorised", "authorised operation": "authorised",
    "cross_border": "cross-border",
}  # fmt: skip


def canonical_use(word: str) -> str:
    """Return the use that ``word`` names in Chinese or another spelling, or the word itself.

    Example:
        >>> canonical_use("授权运营"), canonical_use("cross_border"), canonical_use("share")
        ('authorised', 'cross-border', 'share')
    """
    return USE_WORDS.get(word, word)


def _either(english: str, chinese: str) -> Any:
    return AliasChoices(english, chinese)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Item(_Part):
    item: str = Field(min_length=1, validation_alias=_either("item", "数据项"))
    grain: str = Field(default="exact", validation_alias=_either("grain", "最小粒度"))
    why: str = Field(default="", validation_alias=_either("why", "必要性"))
    alias: str = Field(default="", validation_alias=_either("alias", "输出名称"))
    params: Mapping[str, Any] = Field(default_factory=dict, validation_alias=_either("params", "参数"))

    @field_validator("grain")
    @classmethod
    def _grain(cls, value: str) -> str:
        grain = GRAINS_ZH.get(value, value)
        if grain not in GRAINS:
            raise ValueError(f"unknown grain {value}; one of: {', '.join(GRAINS)}")
        return grain


class _Privacy(_Part):
    # What else the operators and queries understand passes through unchanged.
    model_config = ConfigDict(extra="allow", frozen=True)

    k: int | None = Field(default=None, ge=1)
    l: float | None = Field(default=None, ge=1)  # noqa: E741 - the parameter's own name
    t: float | None = Field(default=None, ge=0, le=1)
    model: Literal["public", "controlled", "enclave"] | None = Field(
        default=None, validation_alias=_either("model", "共享模式")
    )

    counts: tuple[CountTableFile, ...] | None = Field(
        default=None, min_length=1, validation_alias=_either("counts", "统计表")
    )
    not_persons: Mapping[str, str] | None = Field(
        default=None, validation_alias=_either("not_persons", "非个人表")
    )
    k_map: int | None = Field(default=None, ge=1)
    presence: float | None = Field(default=None, gt=0, le=1)
    population: str | None = Field(
        default=None, min_length=1, validation_alias=_either("population", "总体表")
    )

    @field_validator("not_persons")
    @classmethod
    def _with_reason(cls, value: Mapping[str, str] | None) -> Mapping[str, str] | None:
        if any(not reason.strip() for reason in (value or {}).values()):
            raise ValueError("say why the rows of this table are not about persons")
        return value

    @field_validator("counts", mode="before")
    @classmethod
    def _one_table(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _population_is_named(self) -> _Privacy:
        if (self.k_map is not None or self.presence is not None) and self.population is None:
            raise ValueError("k_map and presence are measured against population: PATH")
        return self

    @field_validator("model", mode="before")
    @classmethod
    def _model(cls, value: Any) -> Any:
        words = {"完全公开共享": "public", "受控公开共享": "controlled", "领地公开共享": "enclave"}
        return words.get(value, value) if isinstance(value, str) else value


class PurposeFile(_Part):
    """A purpose as written. The five fields of the request are all required."""

    schema_id: Literal["hushu.purpose/1"] = Field(default="hushu.purpose/1", validation_alias="schema")
    id: str = Field(min_length=1, validation_alias=_either("id", "编号"))
    title: str = Field(min_length=1, validation_alias=_either("title", "名称"))
    matter: str = Field(min_length=1, validation_alias=_either("matter", "事项"))
    provider: str = Field(min_length=1, validation_alias=_either("provider", "提供单位"))
    recipient: str = Field(min_length=1, validation_alias=_either("recipient", "使用单位"))
    basis: str = Field(min_length=1, validation_alias=_either("basis", "使用依据"))
    scenario: str = Field(min_length=1, validation_alias=_either("scenario", "使用场景"))
    scope: str = Field(min_length=1, validation_alias=_either("scope", "使用范围"))
    mode: Literal["服务接口", "批量交换", "文件下载"] = Field(validation_alias=_either("mode", "共享方式"))
    until: date = Field(validation_alias=_either("until", "使用时限"))
    use: Literal["internal", "share", "open", "authorised", "entrust", "cross-border", "collect"] = Field(
        default="share", validation_alias=_either("use", "用途类型")
    )
    items: tuple[_Item, ...] = Field(min_length=1, validation_alias=_either("items", "数据项"))
    tables: tuple[str, ...] = Field(default=(), validation_alias=_either("tables", "表"))
    retention: str = Field(default="", validation_alias=_either("retention", "保存期限"))
    privacy: _Privacy = Field(default=_Privacy(), validation_alias=_either("privacy", "隐私要求"))

    @field_validator("mode", mode="before")
    @classmethod
    def _mode(cls, value: Any) -> Any:
        return _MODES_EN.get(value, value) if isinstance(value, str) else value

    @field_validator("use", mode="before")
    @classmethod
    def _use(cls, value: Any) -> Any:
        return canonical_use(value) if isinstance(value, str) else value

    @field_validator("items", mode="before")
    @classmethod
    def _items(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return [{"item": item} if isinstance(item, str) else item for item in value]


def read_purpose(path: str | Path) -> Purpose:
    """Return the purpose in a YAML file.

    Raises:
        InputError: HS-E201 when the file cannot be read.
        ConfigError: HS-E140 when a field is missing or wrong, with file and line.

    Example:
        >>> read_purpose("purpose.yaml").until  # doctest: +SKIP
        '2027-12-31'
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "the purpose cannot be read",
            where=str(path),
            why=getattr(error, "strerror", None) or "not UTF-8 text",
            fix="name a purpose.yaml; hushu demo writes one to look at",
            code="HS-E201",
        ) from error
    return parse_purpose(text, str(path))


def parse_purpose(text: str, where: str = "purpose") -> Purpose:
    """Return the purpose written in ``text``; ``where`` names it in complaints.

    Raises:
        ConfigError: HS-E140 when a field is missing or wrong.
    """
    document = LocatedYaml(text, where)
    what = "the purpose lacks what a request must state"
    file = validated(PurposeFile, document, "HS-E140", what, schema="purpose")
    return Purpose(
        id=file.id,
        title=file.title,
        matter=file.matter,
        provider=file.provider,
        recipient=file.recipient,
        basis=file.basis,
        scenario=file.scenario,
        scope=file.scope,
        mode=file.mode,
        until=file.until.isoformat(),
        use=file.use,
        items=tuple(PurposeItem(**item.model_dump()) for item in file.items),
        tables=file.tables,
        retention=file.retention,
        privacy=_privacy(file.privacy),
    )


def _privacy(asked: _Privacy) -> Mapping[str, Any]:
    told = {name: value for name, value in asked.model_dump().items() if value is not None}
    if asked.counts:
        told["counts"] = [count_spec(one.model_dump()).to_dict() for one in asked.counts]
    return told


def purpose_document(purpose: Purpose) -> Mapping[str, Any]:
    """Return ``purpose`` as the mapping that ``purpose.yaml`` holds."""
    from dataclasses import asdict

    out = {key: value for key, value in asdict(purpose).items() if value not in ("", (), {})}
    out["items"] = [{k: v for k, v in item.items() if v} for item in out.get("items", ())]
    out["tables"] = list(purpose.tables)
    return out
