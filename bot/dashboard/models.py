"""The tables of staff: accounts, wrong attempts in a row, and what was done. Moments are whole seconds since 1970."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

metadata = MetaData()

# `generation` is new with every password: sessions that began under another one are over
account = Table(
    "account", metadata,
    Column("name", Text, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("generation", Text, nullable=False),
)

# one row an account, and one for all names that are no account; `until` is 0 when it is not locked
lock = Table(
    "account_lock", metadata,
    Column("name", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("until", BigInteger, nullable=False),
)

audit = Table(
    "audit", metadata,
    Column("id", Integer, primary_key=True),
    Column("moment", BigInteger, nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False),
)
