"""The words of a JQL query."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<symbol>>=|<=|!=|!~|[=~<>(),!])
    | (?P<word>[^\s"'()=!~<>,]+)
    )""",
    re.VERBOSE,
)


class JqlError(Exception):
    """What Jira says in ``errorMessages`` with status 400."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a symbol or a quoted string of a query."""

    text: str
    quoted: bool = False

    def says(self, *keywords: str) -> bool:
        """Whether it is one of these words, and not quoted."""
        return not self.quoted and self.text.lower() in keywords


END = Token("")


def tokenize(text: str) -> list[Token]:
    """Split a query.

    :raises JqlError: at a quotation mark that is never closed
    """
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise JqlError(f"Error in the JQL Query: The character at position {at + 1} is not expected here.")
        at = match.end()
        if string := match["string"]:
            tokens.append(Token(re.sub(r"\\(.)", r"\1", string[1:-1]), quoted=True))
        else:
            tokens.append(Token(match["symbol"] or match["word"]))
    return tokens
