"""What all shapes are."""

from pydantic import BaseModel, ConfigDict


class Schema(BaseModel):
    """A shape of the API, from values that have its names as keys or as attributes. Django Ninja's own schema reads every value
    in Python, one after the other, which was most of the time of a list; pydantic reads them all at once."""

    model_config = ConfigDict(from_attributes=True)
