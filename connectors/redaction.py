"""What must never be told: the secrets in use by their values, everybody's by their shapes.

Process-wide, as logging is. A secret is known from the moment it is revealed; errors are redacted when
they are made, log records before they are written.
"""

import re
from base64 import b64encode
from urllib.parse import quote

MASK = "***"
SHORTEST_SECRET = 8
"""Shorter values are words, not secrets: masking them would hide everything."""

_START = r"(?:\b|(?<=\\[nrt]))"
"""Where a word begins; also after a line break that is written as in JSON."""

SECRET_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), replacement)
    for pattern, replacement in (
        # whole keys, also cut short
        (r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", MASK),
        # a URL's user and password, and its query parameters that carry secrets
        (r"(?<=://)[^/?#\s\"']+@", f"{MASK}@"),
        (r"(?i)([?&](?:[a-z_-]*token|[a-z_-]*key|[a-z_-]*secret|sig|signature|password|jwt|code)=)[^&\s\"']+", rf"\1{MASK}"),
        # headers and assignments, as they stand in dumps of requests
        (r"(?i)((?:authorization|cookie)[\"']?\s*[:=]\s*[\"']?)[^\"'\r\n]+", rf"\1{MASK}"),
        (
            (r"(?i)((?:password|passwd|passphrase|secret|token|api[-_]?key|access[-_]?key)[\"']?\s*[:=]\s*[\"']?)"
            r"[^\s\"',;&]{4,}"),
            rf"\1{MASK}",
        ),
        (r"(?i)" + _START + r"(bearer)\s+[\w.~+/=-]{8,}", rf"\1 {MASK}"),
        # base64 has digits, capitals within, or padding; the word after "Basic" in a sentence has not
        (_START + r"([Bb]asic)\s+(?=\S*(?:[0-9=+/]|[a-z][A-Z]))[A-Za-z0-9+/=_-]{8,}", rf"\1 {MASK}"),
        # tokens that tell by their beginning whose they are: GitHub, Notion, Atlassian, GitLab, Slack, AWS
        (_START + r"(?:gh[pousr]_|github_pat_)\w{10,}", MASK),
        (_START + r"(?:ntn_|secret_)\w{10,}", MASK),
        (_START + r"AT(?:ATT|CTT|OA)[\w=-]{10,}", MASK),
        (_START + r"glpat-[\w-]{10,}", MASK),
        (_START + r"x(?:ox[a-z]|app)-[\w-]{10,}", MASK),
        (r"(?<=hooks\.slack\.com/)[\w/]+", MASK),
        (_START + r"(?:AKIA|ASIA)[A-Z0-9]{12,}", MASK),
        (_START + r"eyJ[\w-]+\.[\w-]+\.?[\w-]*", MASK),  # a JWT
    )
)  # fmt: skip

_secrets: dict[str, None] = {}
"""Exact values in use, in every spelling in which they travel."""


def register_secret(value: str) -> None:
    """From now on this value appears in no error and no record, whatever it looks like."""
    if len(value) >= SHORTEST_SECRET:
        encoded = b64encode(value.encode()).decode()
        for spelling in (value, value.replace("\n", "\\n"), quote(value, safe=""), encoded, encoded.rstrip("=")):
            _secrets[spelling] = None


def redact_text(text: str) -> str:
    """The text without secrets."""
    for secret in sorted(list(_secrets), key=len, reverse=True):  # noqa: C414 - a copy: others may register meanwhile
        text = text.replace(secret, MASK)
    for pattern, replacement in SECRET_SHAPES:
        text = pattern.sub(replacement, text)
    return text
