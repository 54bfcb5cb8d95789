"""The shapes of the API: in its description they stand by their names, and one of two alike would hide the other."""

import importlib
import pkgutil
from collections import Counter

from ninja import Schema

from syncd.api import shapes


def test_no_two_shapes_have_the_same_name():
    modules = [
        importlib.import_module(f"{shapes.__name__}.{each.name}") for each in pkgutil.iter_modules(shapes.__path__)
    ]
    names = Counter(
        name
        for module in modules
        for name, shape in vars(module).items()
        if isinstance(shape, type) and issubclass(shape, Schema) and shape.__module__ == module.__name__
    )
    assert len(names) > 50
    assert [name for name, times in names.items() if times > 1] == []
