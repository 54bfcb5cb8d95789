"""The database refuses to change a line of the ledger, whoever asks.

It cannot refuse its owner, who may take the guard down: what was changed then, the hashes tell.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

_SAYS = "what was disclosed is not changed"
_SQLITE = f"""CREATE TRIGGER IF NOT EXISTS sharing_disclosure_stays BEFORE UPDATE ON sharing_disclosure
BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"""
_POSTGRESQL = f"""CREATE OR REPLACE FUNCTION sharing_disclosure_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$;
CREATE OR REPLACE TRIGGER sharing_disclosure_stays BEFORE UPDATE OR DELETE ON sharing_disclosure
FOR EACH ROW EXECUTE FUNCTION sharing_disclosure_refuse()"""


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Guard the table of the ledger. Deleting lines is refused on PostgreSQL as well."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL if connection.vendor == "postgresql" else _SQLITE)
