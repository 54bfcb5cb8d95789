"""One agreement as a version: what was in force when something was shown."""

import hashlib
import json
from dataclasses import asdict

from rules.model.partners import Agreement


def digest(agreement: Agreement) -> str:
    """64 hexadecimal digits that change with the meaning of an agreement, not with the order of its keys.

    For our side only: it tells that something changed also where the partner sees no change.
    """
    meaning = json.dumps(asdict(agreement), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(meaning.encode(errors="surrogatepass")).hexdigest()
