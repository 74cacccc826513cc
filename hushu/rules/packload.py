"""Reading packs: from the package or from a path, with the line of the file in every complaint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from hushu.errors import ConfigError
from hushu.rules.pack import LANGUAGE_VERSION, Pack, PackFile
from hushu.rules.packcheck import check, vocabulary_groups

PACK_FOLDER = Path(__file__).parent / "packs"
_Model = TypeVar("_Model", bound=BaseModel)
DEFAULT = ("cn-national", "cn-sharing-809", "cn-shanghai")


class LocatedYaml:
    """A YAML document that remembers on which line each of its parts stands."""

    def __init__(self, text: str, where: str) -> None:
        self.where = where
        try:
            loader = _LOADER(text)
            self.node = loader.get_single_node()
            self.data: Any = None if self.node is None else loader.construct_document(self.node)
        except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
            mark = getattr(error, "problem_mark", None)
            raise ConfigError(
                "the file is not valid YAML",
                where=f"{where}:{mark.line + 1}" if mark else where,
                why=str(getattr(error, "problem", "") or error),
                fix="mend the line; an editor with a YAML mode shows it",
                code="HS-E128",
            ) from error

    def line(self, path: Sequence[Any]) -> int:
        """Return the 1-based line of the part at ``path``, or of its nearest parent that exists."""
        node = self.node
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            node = found
        return int(node.start_mark.line) + 1 if node is not None else 1

    def at(self, path: Sequence[Any]) -> str:
        """Return ``file:line`` of the part at ``path``."""
        return f"{self.where}:{self.line(path)}"


def _child(node: Any, step: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader that refuses a key written twice."""


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a plain word", key.start_mark)
        if key.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key.value!r} is written twice", key.start_mark
            )
        seen.add(key.value)
    loader.flatten_mapping(node)
    return dict(yaml.SafeLoader.construct_mapping(loader, node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_LOADER: Any = _Loader


def pack_ids() -> tuple[str, ...]:
    """Return the ids of the packs that come with hushu, in order.

    Example:
        >>> "cn-national" in pack_ids()
        True
    """
    return tuple(sorted(path.stem for path in PACK_FOLDER.glob("*.yaml")))


def load_packs(ids_or_paths: Sequence[str | Path] = DEFAULT) -> tuple[Pack, ...]:
    """Load packs by their id or by the path of a YAML file.

    Raises:
        ConfigError: HS-E101 unknown pack; HS-E111 to HS-E128 what is wrong in its file, with the line.

    Example:
        >>> [pack.id for pack in load_packs(["cn-national"])]
        ['cn-national']
    """
    packs = tuple(load_pack(name) for name in dict.fromkeys(map(str, ids_or_paths)))
    by_id: dict[str, str] = {}
    for pack in packs:
        if pack.id in by_id:
            raise ConfigError(
                f"two packs have the id {pack.id}",
                where=f"{by_id[pack.id]} and {pack.path}",
                why="a grade names its pack by its id",
                fix="give one of them another id",
                code="HS-E117",
            )
        by_id[pack.id] = pack.path
    return packs


def load_pack(id_or_path: str | Path) -> Pack:
    """Load one pack; the packs that come with hushu are read once per process.

    Raises:
        ConfigError: as :func:`load_packs`.
    """
    path = _path_of(str(id_or_path))
    if path.parent == PACK_FOLDER:
        return _load_shipped(path)
    return _load(path, ())


@lru_cache(maxsize=64)
def _load_shipped(path: Path) -> Pack:
    return _load(path, ())


def _path_of(name: str) -> Path:
    shipped = PACK_FOLDER / f"{name}.yaml"
    if shipped.is_file():
        return shipped
    path = Path(name)
    if path.suffix in {".yaml", ".yml"} and path.is_file():
        return path
    raise ConfigError(
        "unknown pack",
        where=name,
        why=f"the packs here are {', '.join(pack_ids())}",
        fix="take one of them, or give the path of a .yaml file",
        code="HS-E101",
    )


def _load(path: Path, above: tuple[str, ...]) -> Pack:
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "the pack cannot be read",
            where=str(path),
            why=getattr(error, "strerror", None) or "it is not UTF-8 text",
            fix="save it as UTF-8, readable for you",
            code="HS-E128",
        ) from error
    document = LocatedYaml(text, str(path))
    _check_language(document)
    file = validated(PackFile, document, "HS-E111", "the pack's file does not fit its schema")
    parent = _parent(file, path, document, above)
    pack = _merged(file, parent, path, hashlib.sha256(raw).hexdigest(), document)
    check(pack, file, document, parent)
    return pack


def _check_language(document: LocatedYaml) -> None:
    if not isinstance(document.data, dict):
        raise ConfigError(
            "the pack's file holds no mapping",
            where=document.where,
            why="it is empty or a list",
            fix="hushu rules new --pack writes one to start from",
            code="HS-E111",
        )
    language = document.data.get("language", LANGUAGE_VERSION)
    if isinstance(language, int) and language > LANGUAGE_VERSION:
        raise ConfigError(
            "the pack is newer than this hushu",
            where=document.at(["language"]),
            why=f"it is written in pack language {language}, this hushu reads up to {LANGUAGE_VERSION}",
            fix="update hushu, or take the pack's older version",
            code="HS-E112",
        )


def validated(
    model: type[_Model], document: LocatedYaml, code: str, what: str, *, schema: str = "pack"
) -> _Model:
    """Validate ``document`` against ``model``; the first fault is told with its file and line.

    ``schema`` is the name under which ``hushu rules schema`` prints the model.

    Raises:
        ConfigError: with the ``code`` given.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        faults = error.errors()
        first = faults[0]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise ConfigError(
            what,
            where=document.at(first["loc"]),
            why=f"{'.'.join(map(str, first['loc']))}: {first['msg']}{more}",
            fix=f"hushu rules schema {schema} prints what is allowed",
            code=code,
        ) from error


def _parent(file: PackFile, path: Path, document: LocatedYaml, above: tuple[str, ...]) -> Pack | None:
    if not file.extends:
        return None
    chain = (*above, file.id)
    if file.extends in chain:
        _complain(
            "packs extend each other in a circle",
            document,
            ["extends"],
            " > ".join((*chain, file.extends)),
            "take one extends away",
            "HS-E113",
        )
    beside = path.parent / f"{file.extends}.yaml"
    return _load(beside if beside.is_file() else _path_of(file.extends), chain)


def _merged(file: PackFile, parent: Pack | None, path: Path, sha256: str, document: LocatedYaml) -> Pack:
    own = {name: getattr(file, name) for name in PackFile.model_fields}
    if parent is not None:
        sha256 = hashlib.sha256(f"{parent.sha256}{sha256}".encode()).hexdigest()
        own["levels"] = file.levels or parent.levels
        for name in ("categories", "groups", "facts", "sources", "cases"):
            own[name] = {**getattr(parent, name), **getattr(file, name)}
        for name in ("rules", "duties", "deadlines", "fields"):
            inherited = (part for part in getattr(parent, name) if part.id not in file.without)
            own[name] = (*inherited, *getattr(file, name))
    own["groups"] = _resolved(own["groups"], document)
    return Pack.model_construct(**own, sha256=sha256, path=str(path))


def _resolved(groups: Mapping[str, Sequence[str]], document: LocatedYaml) -> dict[str, tuple[str, ...]]:
    known = {**vocabulary_groups(), **groups}
    resolved: dict[str, tuple[str, ...]] = {}

    def members(name: str, chain: tuple[str, ...]) -> Iterator[str]:
        for part in known[name]:
            if not part.startswith("@"):
                yield part
                continue
            inner = part[1:]
            if inner in chain:
                _complain(
                    "groups name each other in a circle",
                    document,
                    ["groups", name],
                    " > ".join((*chain, inner)),
                    "take one of them out",
                    "HS-E113",
                )
            if inner not in known:
                _complain(
                    f"unknown group @{inner}",
                    document,
                    ["groups", name],
                    "no group of that name",
                    f"the groups here are {', '.join(sorted(known))}",
                    "HS-E114",
                )
            yield from members(inner, (*chain, inner))

    for name in known:
        resolved[name] = tuple(dict.fromkeys(members(name, (name,))))
    return resolved


def _complain(
    what: str, document: LocatedYaml, path: Sequence[Any], why: str, fix: str, code: str
) -> NoReturn:
    raise ConfigError(what, where=document.at(path), why=why, fix=fix, code=code)
