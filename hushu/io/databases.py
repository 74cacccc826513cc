"""Databases by URL: SQLite, PostgreSQL and MariaDB/MySQL, read only, through SQLAlchemy.

A session that could write is never opened: SQLite with ``mode=ro``, the servers with a read-only
transaction and a time limit a statement. Labels and errors never show a password or a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from hushu.errors import InputError, SourceUnreachable
from hushu.io.contract import TableSource
from hushu.io.driver_errors import driver_reason
from hushu.model import NotExamined

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.engine.reflection import Inspector

Sample = int | Literal["all"] | None

DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
MYSQL = {"mysql", "mariadb"}
HIDDEN_SCHEMAS = {"information_schema", "pg_catalog", "mysql", "performance_schema", "sys"}
CONNECT_SECONDS = 10
LOCK_SECONDS = 5.0
STATEMENT_SECONDS = 600


@dataclass(slots=True, kw_only=True)
class DatabaseSource:
    """A :class:`~hushu.io.contract.Source` over every table and view that a login may see."""

    engine: Engine
    label: str
    sample: Sample = None
    not_examined: list[NotExamined] = field(default_factory=list)

    def tables(self) -> Iterator[TableSource]:
        """Yield tables, then views, schema by schema; the default schema's without prefix."""
        from sqlalchemy import inspect
        from sqlalchemy.exc import SQLAlchemyError

        from hushu.io.database_tables import Catalog, database_table

        try:
            inspector = inspect(self.engine)
            schemas = self._schemas(inspector)
        except SQLAlchemyError as error:
            raise unreachable(self.label, error) from None
        found = 0
        for schema in schemas:
            try:
                catalog = Catalog.of(inspector, schema)
                names = catalog.names()
            except SQLAlchemyError as error:
                self.not_examined.append(
                    NotExamined(
                        what=f"schema {schema or inspector.default_schema_name}", why=driver_reason(error)
                    )
                )
                continue
            for kind, name in names:
                try:
                    table = database_table(self, catalog, name, kind)
                except (SQLAlchemyError, InputError) as error:
                    shown = name if schema is None else f"{schema}.{name}"
                    self.not_examined.append(NotExamined(what=f"{kind} {shown}", why=driver_reason(error)))
                    continue
                found += 1
                yield table
        if not found and not self.not_examined:
            why = "HS-E235 the database holds no table that this login may see"
            self.not_examined.append(NotExamined(what=self.label, why=why))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection whose transaction cannot write."""
        with self.engine.connect() as connection:
            read_only(connection)
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def _schemas(self, inspector: Inspector) -> list[str | None]:
        default = inspector.default_schema_name
        # In MySQL a schema is another database: only the one that the URL names is asked for.
        if self.engine.dialect.name == "sqlite" or (
            self.engine.dialect.name in MYSQL and self.engine.url.database
        ):
            return [None]
        names = [
            n for n in inspector.get_schema_names() if n not in HIDDEN_SCHEMAS and not n.startswith("pg_")
        ]
        return [None if name == default else name for name in sorted(names, key=lambda n: (n != default, n))]


def database_source(url: str, *, sample: Sample = None) -> DatabaseSource:
    """Return a source over a database.

    Args:
        url: ``postgresql://``, ``mysql://``, ``mariadb://`` or ``sqlite:///``, or any SQLAlchemy URL whose
            dialect is installed.
        sample: rows of each table, ``all``, or None for the default rule.

    Raises:
        SourceUnreachable: HS-E290 when nothing answers or the login is refused.
        InputError: HS-E230 when the URL is not one, HS-E231 when its driver is missing.
    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise InputError(
            "the database URL cannot be read",
            where=url.partition("://")[0] + "://…",
            why="it is not of the form dialect://user:password@host:port/database",
            fix="percent-encode special characters of user and password (@ is %40, # is %23)",
            code="HS-E230",
        ) from None  # the cause quotes the URL, password and all
    if parsed.drivername.partition("+")[0] == "sqlite":
        return sqlite_source(Path(parsed.database or ""), sample=sample)
    parsed = parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
    return _connected(
        _server_engine(parsed), parsed.set(query={}).render_as_string(hide_password=True), sample
    )


def sqlite_source(path: Path, *, sample: Sample = None) -> DatabaseSource:
    """Return a source over a SQLite file, opened read-only.

    Raises:
        SourceUnreachable: HS-E291 when there is no such file, HS-E292 when another program locks it.
        InputError: HS-E203 when it is empty, HS-E232 when it is not a SQLite database or damaged.
    """
    import sqlite3

    from sqlalchemy import create_engine
    from sqlalchemy.pool import QueuePool

    from hushu.io.csv_layout import empty_file

    if not path.is_file():
        raise SourceUnreachable(
            "there is no such database file",
            where=str(path),
            fix="check the spelling of the path",
            code="HS-E291",
        )
    if not path.stat().st_size:
        raise empty_file(path)
    target = f"file:{quote(str(path.absolute()))}?mode=ro"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(target, uri=True, timeout=LOCK_SECONDS, check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)
    return _connected(engine, str(path), sample)


def read_only(connection: Connection) -> None:
    """Make a server's transaction read-only, with a time limit a statement; SQLite is so already."""
    name = connection.dialect.name
    if name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {STATEMENT_SECONDS * 1000}")
        connection.exec_driver_sql("SET LOCAL synchronize_seqscans = off")
    elif name in MYSQL:
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
        limit = (
            f"max_statement_time = {STATEMENT_SECONDS}"
            if getattr(connection.dialect, "is_mariadb", False)
            else f"max_execution_time = {STATEMENT_SECONDS * 1000}"
        )
        connection.exec_driver_sql(f"SET SESSION {limit}")
        connection.commit()


def _server_engine(url: URL) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    timeout = (
        {"connect_timeout": CONNECT_SECONDS}
        if url.get_backend_name() in {"postgresql", "mysql", "mariadb"}
        else {}
    )
    try:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=timeout)
    except (NoSuchModuleError, ModuleNotFoundError, ArgumentError) as error:
        raise _no_driver(url) from error


def _no_driver(url: URL) -> InputError:
    from hushu.io.dialects import hint

    advice = hint(url.drivername.partition("+")[0])
    return InputError(
        "no driver for this database is installed",
        where=f"{url.drivername}://",
        why=advice.why,
        fix=advice.fix,
        code="HS-E231",
    )


def _connected(engine: Engine, label: str, sample: Sample) -> DatabaseSource:
    """Return the source after one round trip, so that a dead server is told at once."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with engine.connect() as connection:
            read_only(connection)
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    except SQLAlchemyError as error:
        engine.dispose()
        if engine.dialect.name == "sqlite":
            raise _bad_sqlite(label, error) from None
        raise unreachable(label, error) from None
    return DatabaseSource(engine=engine, label=label, sample=sample)


def unreachable(label: str, error: Exception) -> SourceUnreachable:
    """Return the error for a server that does not answer, or no longer."""
    return SourceUnreachable(
        "the database does not answer or refuses the login",
        where=label,
        why=driver_reason(error),
        fix="check host, port, user, password and the database's name; does it admit this machine?",
        code="HS-E290",
    )


def _bad_sqlite(label: str, error: Exception) -> InputError:
    if "locked" in str(error):
        return SourceUnreachable(
            "the SQLite database is locked",
            where=label,
            why="another program is writing to it",
            fix="close that program, or scan a copy of the file",
            code="HS-E292",
        )
    if "unable to open" in str(error):
        return SourceUnreachable(
            "the SQLite database cannot be opened",
            where=label,
            why="it may not be read, or its write-ahead log needs a folder that may be written",
            fix="scan a copy of the file together with its -wal file",
            code="HS-E292",
        )
    return InputError(
        "this is not a whole SQLite database",
        where=label,
        why="it is damaged, cut off, encrypted or another kind of file",
        fix="copy it again; sqlite3 FILE 'PRAGMA integrity_check' tells what is wrong",
        code="HS-E232",
    )
