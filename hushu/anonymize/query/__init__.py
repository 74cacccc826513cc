"""The algorithm goes to the data: a query in SQL, safe aggregates out."""

from hushu.anonymize.query.answering import QueryAnswer, query
from hushu.anonymize.query.protection import protections

__all__ = ["QueryAnswer", "protections", "query"]
