"""What to install for databases whose driver does not come with hushu."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple


class Hint(NamedTuple):
    """Why a database needs something of its own, and what to do."""

    why: str
    fix: str


_OPENGAUSS = Hint(
    "openGauss and its kin refuse the stock PostgreSQL client: SHA-256 login and another version string",
    "pip install opengauss-sqlalchemy and openGauss's own psycopg2, then opengauss+psycopg2://user@host:5432/db",
)

HINTS = MappingProxyType(
    {
        "postgresql": Hint("it comes with the extra 'postgres'", 'pip install "hushu[postgres]"'),
        "mysql": Hint("it comes with the extra 'mysql'", 'pip install "hushu[mysql]"'),
        "mariadb": Hint("it comes with the extra 'mysql'", 'pip install "hushu[mysql]"'),
        "dm": Hint(
            "达梦 DM8 has its own driver",
            "pip install dmSQLAlchemy dmPython, then dm+dmPython://user@host:5236/",
        ),
        "kingbase": Hint(
            "人大金仓 KingbaseES: the SQLAlchemy dialect for ksycopg2 comes from the vendor only",
            "install the vendor's SQLAlchemy dialect, or export the tables as CSV and scan the folder",
        ),
        "opengauss": _OPENGAUSS,
        "gaussdb": _OPENGAUSS,
        "oceanbase": Hint(
            "a MySQL tenant of OceanBase speaks MySQL's protocol",
            "mysql://user%40tenant%23cluster:password@host:2881/db (percent-encode @ and #)",
        ),
        "oracle": Hint(
            "Oracle has its own driver",
            "pip install oracledb, then oracle+oracledb://user@host:1521/?service_name=…",
        ),
        "mssql": Hint(
            "SQL Server has its own driver", "pip install pymssql, then mssql+pymssql://user@host/db"
        ),
    }
)


def hint(family: str) -> Hint:
    """Return what to install for a dialect's family.

    Example:
        >>> hint("postgresql").fix
        'pip install "hushu[postgres]"'
    """
    other = Hint(
        "its SQLAlchemy dialect is not installed", "install that dialect, or export the tables as CSV"
    )
    return HINTS.get(family, other)
