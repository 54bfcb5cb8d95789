"""Jira's wiki markup, which Data Center gives as it was typed, to plain text.

https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa describes it. What is not understood
stays as it is: text is never lost to a wrong guess.
"""

import re

# what makes a text worth the rules below; most have none of it
_SPECIAL = re.compile(r"[\[{*_|!\\]|^[ \t]*(?:h[1-6]\.|bq\.|#|-)", re.MULTILINE)
_MACRO = re.compile(r"\{(?:code|noformat|quote|panel|color|expand|info|note|tip|warning|anchor|toc)(?::[^{}\n]*)?\}")
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\[([^\[\]|\n]+)\|([^\[\]|\s]+)(?:\|[^\[\]\n]*)?\]"), r"\1 (\2)"),
    (re.compile(r"\[((?:https?|ftp|file)://[^\[\]|\s]+|mailto:[^\[\]|\s]+)\]"), r"\1"),
    (re.compile(r"\[~(?:accountid:)?([^\[\]|\n]+)\]"), r"@\1"),
    (re.compile(r"\[\^([^\[\]|\n]+)\]"), r"\1"),
    (re.compile(r"(?<![\w!])!([^!|\s]+\.\w+)(?:\|[^!\n]*)?!(?!\w)"), r"\1"),
    (re.compile(r"^[ \t]*(?:h[1-6]|bq)\.[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*[*#-]{1,10}[ \t]+", re.MULTILINE), "- "),
    (re.compile(r"^-{4,}[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"\{\{([^{}\n]+)\}\}"), r"\1"),
    (re.compile(r"(?<![\w*\\])\*([^*\s](?:[^*\n]*[^*\s])?)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w\\])_([^_\s](?:[^_\n]*[^_\s])?)_(?!\w)"), r"\1"),
    (re.compile(r"^\|+|\|+[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"\|\|"), " | "),
    (re.compile(r"\\\\[ \t]*"), "\n"),
    (re.compile(r"\\([{}\[\]*_|!-])"), r"\1"),
)


def text(markup: str) -> str:
    """The text without its markup; the target of a link follows its words."""
    markup = markup.replace("\r\n", "\n")
    if not _SPECIAL.search(markup):
        return markup.strip()
    markup = _MACRO.sub("", markup)
    for pattern, replacement in _RULES:
        markup = pattern.sub(replacement, markup)
    return markup.strip()
