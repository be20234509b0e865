"""The two tables of released figures. No column tells a time finer than a period, no row id follows the order of insertion."""

from sqlalchemy import Boolean, Column, Integer, MetaData, Table, Text

metadata = MetaData()

# one noisy figure a cell
release = Table(
    "release", metadata,
    Column("period", Text, primary_key=True),
    Column("table", Text, primary_key=True),
    Column("cell", Text, primary_key=True),
    Column("value", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# one row a released table of a period: with which parameters, and whether counting ran all the time
release_log = Table(
    "release_log", metadata,
    Column("period", Text, primary_key=True),
    Column("table", Text, primary_key=True),
    Column("complete", Boolean, nullable=False),
    Column("epsilon", Text, nullable=False),
    Column("threshold", Integer, nullable=False),
    Column("embargo_days", Integer, nullable=False),
    sqlite_with_rowid=False,
)
