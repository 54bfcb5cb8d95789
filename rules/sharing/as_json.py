"""An agreement as JSON and back, as it is stored and compared."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from rules.model.partners import Agreement, Commitment
from rules.sharing.commitments import Agreed

_AGREEMENT, _COMMITMENT, _AGREED = TypeAdapter(Agreement), TypeAdapter(Commitment), TypeAdapter(Agreed)
_ADAPTERS: Mapping[type, TypeAdapter[Any]] = {Agreement: _AGREEMENT, Commitment: _COMMITMENT, Agreed: _AGREED}


def to_json(value: Agreement | Commitment | Agreed) -> dict[str, Any]:
    """As plain lists, mappings and texts; nothing is lost but whether a sequence was a list or a tuple.

    The fields are a list of pairs: a database may put the keys of a mapping in an order of its own, and theirs is shown.
    """
    made: dict[str, Any] = _ADAPTERS[type(value)].dump_python(value, mode="json")
    if isinstance(value, Agreement):
        made["fields"] = [list(pair) for pair in value.fields.items()]
    return made


def agreement(data: Mapping[str, Any]) -> Agreement:
    """Back again. What a former syncd did not write has its default.

    :raises pydantic.ValidationError: it is no agreement
    """
    fields = data.get("fields")
    return _AGREEMENT.validate_python({**data, "fields": dict(fields) if isinstance(fields, list) else fields})


def commitment(data: Mapping[str, Any]) -> Commitment:
    """Back again. :raises pydantic.ValidationError: it is no commitment"""
    return _COMMITMENT.validate_python(data)


def agreed(data: Mapping[str, Any]) -> Agreed:
    """Back again. :raises pydantic.ValidationError: it is no accepted commitment"""
    return _AGREED.validate_python(data)
