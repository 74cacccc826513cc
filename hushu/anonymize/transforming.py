"""One table through its plan: the columns that were asked for, each by its operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from hushu.anonymize import operators
from hushu.anonymize.keys import Keyring
from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.values.hierarchies import TOP
from hushu.anonymize.values.normalizing import require_whole
from hushu.errors import ConfigError
from hushu.model import PlanColumn, PlanTable, Purpose

# Whose column names the person that a row is about, the surest first; date shifts follow it.
_ENTITIES = (
    "CN_RESIDENT_ID", "CN_PASSPORT", "CN_FOREIGNER_ID", "CN_TRAVEL_PERMIT", "CN_SOCIAL_SECURITY_NO",
    "CN_MEDICAL_INSURANCE_NO", "MEDICAL_RECORD_NO", "STUDENT_NO", "EMPLOYEE_NO", "PHONE_NUMBER", "PERSON",
)  # fmt: skip


_COARSENING = {"date_part", "derive", "generalize", "bucket"}
# Two cells may be damaged; ten that fit nothing are of another kind.
_ENOUGH_CELLS = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One column that leaves: its place in the plan and the operator that makes it less."""

    column: PlanColumn
    operator: Operator


@dataclass(frozen=True, slots=True)
class TableTransform:
    """A compiled plan of one table.

    ``records`` are the identifier columns whose values are looked for in the remarks beside them.
    Most operators work batch by batch; those that must see a whole column at once (``held``) get it
    when the last batch was read.
    """

    table: PlanTable
    steps: tuple[Step, ...]
    records: tuple[PlanColumn, ...]
    entity: str
    context: Context

    @property
    def held(self) -> tuple[Step, ...]:
        """The steps whose operator must see the whole column at once."""
        return tuple(step for step in self.steps if step.operator.reads == "column")

    @property
    def reorders(self) -> bool:
        """Whether the order of the rows would tell what the columns no longer do."""
        return any(column.action != "keep" for column in self.table.columns)

    def __call__(self, rows: pa.Table, start: int = 0) -> pa.Table:
        """Return the rows as they may leave, every column at once.

        Args:
            rows: the source's rows, all columns of the plan that leave among them.
            start: number of rows before these.
        """
        streamed = self.streamed(rows, start)
        whole = self.whole(rows.select(self.needed(rows.column_names))) if self.held else {}
        made = {**dict(zip(streamed.schema.names, streamed.columns, strict=True)), **whole}
        return pa.table({step.column.output: made[step.column.output] for step in self.steps})

    def streamed(self, rows: pa.Table, start: int) -> pa.RecordBatch:
        """Return the columns whose operators work batch by batch."""
        columns = {
            step.column.output: self._column(step, rows, start)
            for step in self.steps
            if step.operator.reads != "column"
        }
        whole = (
            c.combine_chunks() if isinstance(c, pa.ChunkedArray) else c for c in columns.values()
        )  # a batch holds no chunks
        return pa.RecordBatch.from_arrays(list(whole), names=list(columns))

    def needed(self, present: Sequence[str]) -> list[str]:
        """Return the source's columns that must be held in memory, for :meth:`whole`."""
        types = {step.column.type for step in self.held}
        own = {step.column.name for step in self.held}
        names = [c.name for c in self.table.columns if c.name in own or c.type in types]
        return [name for name in dict.fromkeys(names) if name in present]

    def whole(self, held: pa.Table) -> dict[str, pa.Array]:
        """Return the columns of the other operators, by their published names.

        Args:
            held: all rows of the columns that :meth:`needed` names.
        """
        return {step.column.output: self._column(step, held, 0) for step in self.held}

    def _column(self, step: Step, rows: pa.Table, start: int) -> pa.Array:
        values = rows[step.column.name]
        context = replace(
            self.context,
            type=step.column.type or "",
            column=step.column.name,
            entity=rows[self.entity] if self.entity and step.operator.reads == "entity" else None,
            entity_type=next((c.type or "" for c in self.table.columns if c.name == self.entity), ""),
            real=self._real(step, rows) if step.operator.reads == "column" else None,
            record=tuple((c.type or "", rows[c.name]) for c in self.records if c.name in rows.column_names),
            start=start,
        )
        if step.operator.needs_key:
            require_whole(step.column.type or "", values, step.column.name)
        done = step.operator(values, context)
        _fits(step, values, done)
        return done

    def _real(self, step: Step, rows: pa.Table) -> pa.ChunkedArray:
        """Return the values of every column of the same type: an invented one must hit none of them."""
        names = [
            c.name for c in self.table.columns if c.type == step.column.type and c.name in rows.column_names
        ]
        return pa.chunked_array([chunk for name in names for chunk in rows[name].cast(pa.string()).chunks])


def compile_table(
    table: PlanTable, purpose: Purpose, recipient: str, keys: Keyring | None, present: Sequence[str]
) -> TableTransform:
    """Return the transform of one table of a plan.

    Args:
        table: the plan's table.
        purpose: names the data set that keys are bound to.
        recipient: whom the release is for; two recipients share no token.
        keys: the key ring, or None when no operator needs one.
        present: the columns that the source has now.

    Raises:
        ConfigError: HS-E135, a column that should leave is not in the source; HS-E136, two outputs
            share a name.
    """
    leaving = [column for column in table.columns if column.action != "drop"]
    missing = [column.name for column in leaving if column.name not in present]
    if missing:
        raise ConfigError(
            "the source lacks columns that the plan needs",
            where=f"{table.name}: {', '.join(missing)}",
            why="the plan was made for another schema, or the columns were renamed or removed",
            fix="scan the source again and make the plan anew",
            code="HS-E135",
        )
    _outputs_differ(table.name, leaving)
    steps = tuple(
        Step(replace(column, output=column.output or column.name), _operator(column)) for column in leaving
    )
    return TableTransform(
        table=table,
        steps=steps,
        records=tuple(c for c in table.columns if c.type in _ENTITIES and c.name in present),
        entity=_entity(table, present),
        context=Context(dataset=purpose.id, recipient=recipient, table=table.name, keys=keys),
    )


def _fits(step: Step, before: pa.ChunkedArray, after: pa.Array) -> None:
    """A coarsening that fits no cell falsifies the column: months of no date, districts of no place."""
    if step.operator.name not in _COARSENING or len(before) - before.null_count < _ENOUGH_CELLS:
        return
    if after.null_count == len(after) or after.drop_null().unique().to_pylist() == [TOP]:
        raise ConfigError(
            "the grain fits no value of the column",
            where=f"{step.column.name}: {step.column.grain}",
            why=f"the operator {step.operator.name} could not read a single cell",
            fix="name another grain for this column in the purpose",
            code="HS-E158",
        )


def _operator(column: PlanColumn) -> Operator:
    if column.action == "keep":
        return operators.make("keep")
    return operators.make(column.operator, column.params)


def _entity(table: PlanTable, present: Sequence[str]) -> str:
    for wanted in _ENTITIES:
        for column in table.columns:
            if column.type == wanted and column.name in present:
                return column.name
    return ""


def _outputs_differ(table: str, leaving: Sequence[PlanColumn]) -> None:
    names = [column.output or column.name for column in leaving]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigError(
            "two columns would leave under one name",
            where=f"{table}: {', '.join(twice)}",
            fix="give one of them another alias in the purpose or output in the plan",
            code="HS-E136",
        )
