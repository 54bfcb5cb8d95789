"""The part of JQL that the sandbox understands: parsed straight into a predicate and an order.

Semantics follow Atlassian's "JQL operators" and "JQL fields": comparing with ``!=`` or ``not in``
leaves out issues where the field is empty; a date without a zone is read in the searching account's
zone; a bare number is epoch milliseconds; an unknown value of ``project`` is an error.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.sandbox.jira import fields
from syncd.sandbox.jira.fields import Site
from syncd.sandbox.jira.model import Issue
from syncd.sandbox.jira.tokens import END, JqlError, Token, tokenize

Predicate = Callable[[Issue], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """``where`` is None for an unbounded query; ``order`` maps an issue to numbers to sort by;
    ``passing`` tells that the answer changes as time goes by."""

    where: Predicate | None
    order: Callable[[Issue], tuple[int, ...]]
    passing: bool = False


_RELATIVE = re.compile(r"([+-]?\d+)([wdhm])")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_DATE_FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
}


def parse(text: str, site: Site) -> Query:
    """Compile a query.

    :raises JqlError: with Jira's words
    """
    return _Parser(text, site).query()


class _Parser:
    """Recursive descent; OR binds loosest, then AND, then NOT."""

    def __init__(self, text: str, site: Site) -> None:
        self.site = site
        self._tokens = tokenize(text)
        self._at = 0
        self._passing = False

    def query(self) -> Query:
        bounded = self._peek() is not END and not self._peek().says("order")
        where = self._any() if bounded else None
        order = self._order()
        if self._peek() is not END:
            raise JqlError(f"Error in the JQL Query: Expecting either 'OR' or 'AND' but got '{self._peek().text}'.")
        return Query(where, order, self._passing)

    def _any(self) -> Predicate:
        parts = [self._all()]
        while self._accept("or", "||"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else lambda issue: any(part(issue) for part in parts)

    def _all(self) -> Predicate:
        parts = [self._negation()]
        while self._accept("and", "&&"):
            parts.append(self._negation())
        if len(parts) == 2:  # by far the commonest, and evaluated for every issue
            one, other = parts
            return lambda issue: one(issue) and other(issue)
        return parts[0] if len(parts) == 1 else lambda issue: all(part(issue) for part in parts)

    def _negation(self) -> Predicate:
        if self._accept("not", "!"):
            inner = self._negation()
            return lambda issue: not inner(issue)
        if self._accept("("):
            inner = self._any()
            self._expect(")")
            return inner
        return self._clause()

    def _clause(self) -> Predicate:
        name = self._next("Expecting a field name at the end of the query.").text.lower()
        operator = self._operator()
        if operator in ("is", "is not"):
            return self._emptiness(name, wanted=operator == "is")
        values = self._values() if operator in ("in", "not in") else [self._value()]
        if name in fields.DATES:
            return _on_date(fields.DATES[name], operator, [self._moment(name, value) for value in values])
        if operator in ("~", "!~"):
            return self._on_text(name, operator, values[0].text)
        return self._on_values(name, operator, values)

    def _operator(self) -> str:
        token = self._next("Expecting operator at the end of the query.")
        word = token.text.lower()
        if word == "not" and self._accept("in"):
            return "not in"
        if word == "is" and self._accept("not"):
            return "is not"
        if token.quoted or word not in (*_COMPARE, "~", "!~", "in", "is"):
            raise JqlError(
                f"Error in the JQL Query: Expecting operator but got '{token.text}'. The valid operators are "
                "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'."
            )
        return word

    def _emptiness(self, name: str, *, wanted: bool) -> Predicate:
        if not self._accept("empty", "null"):
            raise JqlError("Error in the JQL Query: Expecting 'EMPTY' or 'NULL' after 'IS'.")
        if name in fields.DATES:
            moment = fields.DATES[name]
            return lambda issue: (moment(issue) is None) == wanted
        read = self._reader(name)
        return lambda issue: (not read(issue)) == wanted

    def _on_text(self, name: str, operator: str, text: str) -> Predicate:
        if name not in fields.TEXTS:
            raise JqlError(f"The operator '{operator}' is not supported by the '{name}' field.")
        read, words = fields.TEXTS[name], [word.rstrip("*") for word in re.findall(r"[\w*]+", text.lower())]
        wanted = operator == "~"
        return lambda issue: all(word in read(issue).lower() for word in words) == wanted

    def _on_values(self, name: str, operator: str, tokens: Sequence[Token]) -> Predicate:
        if operator not in ("=", "!=", "in", "not in"):
            raise JqlError(f"The operator '{operator}' is not supported by the '{name}' field.")
        read = self._reader(name)
        wanted = frozenset(self._known(name, token.text) for token in tokens)
        if operator in ("=", "in"):
            return lambda issue: not wanted.isdisjoint(read(issue))
        return lambda issue: bool(have := read(issue)) and wanted.isdisjoint(have)

    def _reader(self, name: str) -> Callable[[Issue], Sequence[str]]:
        reader = fields.values_of(name, self.site)
        if reader is None:
            raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
        return reader

    def _known(self, name: str, text: str) -> str:
        """The value as it is compared, once it is known to exist."""
        value = fields.resolve(name, text, self.site)
        if value is None:
            if name in fields.KEYS:
                raise JqlError(f"An issue with key '{text}' does not exist for field '{name}'.")
            raise JqlError(f"The value '{text}' does not exist for the field '{name}'.")
        return value

    def _moment(self, name: str, token: Token) -> int:
        if token.text.isdigit():
            return int(token.text)
        if match := _RELATIVE.fullmatch("+0m" if token.says("now") else token.text):
            self._passing = True
            ahead = timedelta(**{_UNITS[match[2]]: int(match[1])})
            return self.site.state.now_ms + int(ahead / timedelta(milliseconds=1))
        for form in _DATE_FORMATS:
            try:
                local = datetime.strptime(token.text, form).replace(tzinfo=self.site.zone)
            except ValueError:
                continue
            return int(local.timestamp() * 1000)
        raise JqlError(
            f"Date value '{token.text}' for field '{name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
            "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
        )

    def _values(self) -> list[Token]:
        self._expect("(")
        values = [self._value()]
        while self._accept(","):
            values.append(self._value())
        self._expect(")")
        return values

    def _value(self) -> Token:
        token = self._next("Expecting a value, list or function at the end of the query.")
        if not token.quoted and token.text in ("(", ")", ",", "=", "<", ">"):
            raise JqlError(f"Error in the JQL Query: Expecting a value, list or function but got '{token.text}'.")
        if self._peek().says("(") and not token.quoted:
            self._accept("(")
            self._expect(")")
            if not token.says("now", "currentuser"):
                raise JqlError(f"Unable to find JQL function '{token.text}()'.")
        return token

    def _order(self) -> Callable[[Issue], tuple[int, ...]]:
        terms: list[tuple[Callable[[Issue], int], int]] = []
        if self._accept("order"):
            self._expect("by")
            terms.append(self._order_term())
            while self._accept(","):
                terms.append(self._order_term())
        if len(terms) > 7:
            raise JqlError("The maximum number of fields in ORDER BY is 7.")
        return lambda issue: (*(sign * number(issue) for number, sign in terms), issue.id)

    def _order_term(self) -> tuple[Callable[[Issue], int], int]:
        name = self._next("Expecting a field name after ORDER BY.").text.lower()
        number = fields.number_of(name, self.site)
        if number is None:
            raise JqlError(f"Not able to sort using field '{name}'.")
        if self._accept("desc"):
            return number, -1
        self._accept("asc")
        return number, 1

    def _peek(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else END

    def _accept(self, *keywords: str) -> bool:
        if self._peek() is not END and self._peek().says(*keywords):
            self._at += 1
            return True
        return False

    def _expect(self, symbol: str) -> None:
        if not self._accept(symbol):
            raise JqlError(f"Error in the JQL Query: Expecting '{symbol}' but got '{self._peek().text}'.")

    def _next(self, otherwise: str) -> Token:
        if (token := self._peek()) is END:
            raise JqlError(f"Error in the JQL Query: {otherwise}")
        self._at += 1
        return token


def _on_date(moment: Callable[[Issue], int | None], operator: str, values: Sequence[int]) -> Predicate:
    if operator in ("in", "not in"):
        return lambda issue: (moment(issue) in values) == (operator == "in")
    if operator not in _COMPARE:
        raise JqlError(f"The operator '{operator}' is not supported by date fields.")
    compare, value = _COMPARE[operator], values[0]
    return lambda issue: (at := moment(issue)) is not None and compare(at, value)
