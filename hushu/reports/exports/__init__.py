"""Exports to catalogues and databases: one small module a target, each loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from hushu.errors import ConfigError
from hushu.model import Inventory, Plan

TARGETS: Mapping[str, str] = MappingProxyType(
    {
        "frictionless": "Data Package v2, with hushu: properties on every field",
        "dcat": "DCAT 3 as JSON-LD, one dataset a table",
        "dpv": "W3C Data Privacy Vocabulary as JSON-LD, one concept a column",
        "openmetadata": "a classification and JSON Patches with its tags",
        "datahub": "metadata change proposals for the file source",
        "dbt": "sources with meta and tags under config",
        "openlineage": "dataset events with schema, tags and, with a plan, masking lineage",
        "pg-anonymizer": "SECURITY LABEL statements",
        "sql-views": "views that show no more than the plan lets out; default-deny without one",
    }
)


def export(inventory: Inventory, target: str, plan: Plan | None = None) -> str:
    """Return the inventory in the words of another tool.

    Args:
        inventory: what a scan found.
        target: one of :data:`TARGETS`.
        plan: the plan whose masking is exported, where the target has a place for it.

    Raises:
        ConfigError: HS-E181, an unknown target.

    Example:
        >>> export(Inventory(), "dbt").splitlines()[0]
        'version: 2'
    """
    if target not in TARGETS:
        raise ConfigError(
            "no export of this name", where=target, fix=f"one of: {', '.join(TARGETS)}", code="HS-E181"
        )
    module = import_module(f"hushu.reports.exports.{target.replace('-', '_')}")
    text: str = module.export(inventory, plan)
    return text
