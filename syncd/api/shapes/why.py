"""Why an item serves its goals or does not, as ``syncd explain --json`` prints it.

What is told is said once, by the values themselves: their docstrings are those of the description.
"""

from pydantic import ConfigDict

from rules.explain import Explanation, Flagged, Freshness, Suggested
from syncd.api.shapes.schema import Schema


class Told(Schema):
    """As ``syncd explain --json`` prints it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    explanation: Explanation
    flags: tuple[Flagged, ...]
    suggestions: tuple[Suggested, ...]
    freshness: Freshness
