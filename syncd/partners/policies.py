"""What the partner side may do on PostgreSQL: a role that reads the copy and writes the desk, one partner's rows at a time.

Row-level security is forced, so that it holds for the tables' owner too; the owner, who is the worker, has a policy
that lets it see everything. The schema holds tables and nothing else: a view or function of its owner would go
around all this. Source: PostgreSQL, "Row Security Policies".
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

SCHEMA = "partners"
_MINE = "partner_id = current_setting('syncd.partner', true)"
_KNOWN = f"{_MINE} OR digest = current_setting('syncd.digest', true)"


@dataclass(frozen=True, slots=True)
class Grant:
    """What the role may do with a table, and of which rows."""

    acts: str = "SELECT"
    rows: str = _MINE


READS = Grant()
COPY: Mapping[str, Grant] = {
    "partners_partner": Grant(rows="id = current_setting('syncd.partner', true)"),
    "partners_contact": READS,
    "partners_link": Grant(rows=_KNOWN),
    "partners_item": READS,
    "partners_change": READS,
    "partners_commitment": READS,
    "partners_proposal": READS,
    "partners_step": READS,
    "partners_comment": READS,
    "partners_receipt": READS,
}
DESK: Mapping[str, Grant] = {
    "desk_session": Grant("SELECT, INSERT, UPDATE", _KNOWN),
    "desk_redemption": Grant("SELECT, INSERT"),
    "desk_visit": Grant("SELECT, INSERT, UPDATE"),
    "desk_said": Grant("SELECT, INSERT"),
    "desk_key": Grant("SELECT, INSERT, UPDATE", _KNOWN),
    "desk_asked": Grant("INSERT", "true"),
    "desk_quiet": Grant("SELECT, INSERT, DELETE"),
    "desk_try": Grant("SELECT, INSERT", "true"),
}


def prepare(connection: BaseDatabaseWrapper) -> None:
    """Make the schema and the role, where they are not there yet. Does nothing on SQLite.

    :raises django.db.ProgrammingError: the database user may not make them
    """
    if connection.vendor != "postgresql":
        return
    role = connection.ops.quote_name(settings.PARTNER_ROLE)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        cursor.execute(
            f"""DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{settings.PARTNER_ROLE}') THEN
                    CREATE ROLE {role} NOLOGIN NOINHERIT;
                END IF;
                IF NOT pg_has_role(current_user, '{settings.PARTNER_ROLE}', 'MEMBER') THEN
                    GRANT {role} TO CURRENT_USER;
                END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another process made it just now
            END $$"""
        )
        cursor.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}")


def apply(connection: BaseDatabaseWrapper, grants: Mapping[str, Grant]) -> None:
    """Give the role its rights on these tables and no others. Does nothing on SQLite, where files keep them apart."""
    if connection.vendor != "postgresql":
        return
    role = connection.ops.quote_name(settings.PARTNER_ROLE)
    with connection.cursor() as cursor:
        for table, grant in grants.items():
            for statement in (
                f"REVOKE ALL ON {table} FROM PUBLIC, {role}",
                f"GRANT {grant.acts} ON {table} TO {role}",
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
                f"DROP POLICY IF EXISTS owner ON {table}",
                f"DROP POLICY IF EXISTS partner ON {table}",
                f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)",
                f"CREATE POLICY partner ON {table} TO {role} USING ({grant.rows}) WITH CHECK ({grant.rows})",
            ):
                cursor.execute(statement)
        if "INSERT" in " ".join(grant.acts for grant in grants.values()):
            cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {role}")
