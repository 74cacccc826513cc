"""The algorithm goes to the data: a query in SQL, safe aggregates out."""

from hushu.anonymize.query.answering import QueryAnswer, protections, query

__all__ = ["QueryAnswer", "protections", "query"]
