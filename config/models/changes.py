"""How edits of strategy and rules take effect: by themselves while they are small, else when somebody says so."""

from pydantic import Field

from config.models.values import Share
from connectors.settings import Strict


class Changes(Strict):
    """When an edit of strategy.yaml or rules.yaml, or the removal of a tracker, takes effect."""

    automatic: bool = Field(
        True,
        description="On: an edit, or the removal of a tracker, takes effect by itself, as far as blast_radius and small allow. Off: every one waits for `syncd apply`.",
    )
    blast_radius: Share = Field(
        0.25,
        description="The share of items whose links or shown flags an edit, or the removal of a tracker, may change by itself; `syncd apply` asks for --yes above it.",
    )
    small: int = Field(
        500,
        ge=0,
        description="An edit or a removal that changes no more items than this takes effect by itself, whatever share of a small store they are.",
    )
