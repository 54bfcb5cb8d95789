"""The sprint an issue is in: objects on Cloud and newer Data Center, printed Java objects before."""

import re
from typing import Any

_NAME = re.compile(r"[\[,]name=(.*?)(?:,(?:startDate|endDate|completeDate|activatedDate|sequence|goal|\w+Id)=|\]$)")
_ACTIVE = re.compile(r"[\[,]state=ACTIVE[,\]]", re.IGNORECASE)


def current(value: Any) -> str:
    """Name of the active sprint, else of the last one; ``""`` without any."""
    sprints = value if isinstance(value, list) else [value]
    named = [(name, _is_active(sprint)) for sprint in sprints if (name := _name(sprint))]
    return next((name for name, active in named if active), named[-1][0] if named else "")


def _name(sprint: Any) -> str:
    if isinstance(sprint, dict):
        return str(sprint.get("name") or "")
    if isinstance(sprint, str):
        match = _NAME.search(sprint)
        return match[1] if match else ""
    return ""


def _is_active(sprint: Any) -> bool:
    if isinstance(sprint, dict):
        return str(sprint.get("state")).lower() == "active"
    return bool(_ACTIVE.search(sprint))
