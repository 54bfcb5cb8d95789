"""Takes out of text that is shared what must not leave the house."""

from rules.sharing.redactor.redact import LARGEST, MARK, Names, Redacted, Redactor

__all__ = ["LARGEST", "MARK", "Names", "Redacted", "Redactor"]
