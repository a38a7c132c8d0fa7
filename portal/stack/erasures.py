"""Notice a database that was restored from an older backup, before any process may open a door."""

from pathlib import Path

import psycopg

from portal.stack.failure import StackError
from tenants.rights.ledger_file import FileLedger


def is_behind(*, ledger: Path, database: str) -> bool:
    """Say whether the ledger of erasures has numbers that the database does not know. Raises StackError.

    `database` is the owner's address, after the migrations. Right after a crash it may say so although only the number
    is missing; the command that follows finds that out.
    """
    try:
        last = FileLedger(ledger).last_number()
    except OSError as error:
        raise StackError(
            f"The ledger of erasures in {ledger} cannot be read: {error.strerror}.",
            "Mend that; without it nobody knows whom a restored database has forgotten to erase.",
        ) from error
    if not last:
        return False
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT consentry_ledger_reached()").fetchone()
    return row is None or int(row[0]) < last
