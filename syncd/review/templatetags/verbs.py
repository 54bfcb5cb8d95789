"""``{% load verbs %}``: buttons and forms of the verbs. A flag is shown with all of them, which took a tenth of its page as
templates."""

from typing import Any

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.safestring import SafeString

from syncd.review.pages.verbs import GOAL, Verb
from syncd.web.drawing import NOTHING, fill
from syncd.web.templatetags.look import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def verb_button(context: Context, verb: Verb) -> SafeString:
    """Leads to the verb's form; a script opens the dialog that is there already."""
    return fill(
        _BUTTON, url=_url(context, verb), name=verb.name, key=verb.key, icon=icon(verb.glyph, 16), word=verb.word
    )


@register.simple_tag(takes_context=True)
def verb_form(
    context: Context, verb: Verb, form: Any, seen: str, then: int | str, *, within: bool = False
) -> SafeString:
    """The form of a verb.

    :param seen: how the flag stood when it was shown
    :param then: the flag that comes next; 0 or empty: there is none
    :param within: whether in a dialog, not on a page of its own
    """
    url = _url(context, verb)
    return fill(
        _FORM,
        url=url,
        htmx=fill(_HTMX, url=url) if within else NOTHING,
        csrf=CsrfTokenNode().render(context),
        seen=seen,
        then=then or "",
        find=_FIND if verb is GOAL else NOTHING,
        fields=SafeString(form),
        word=verb.word,
        cancel=_CLOSES if within else fill(_BACK, url=context["address"].list_url()),
    )


def _url(context: Context, verb: Verb) -> str:
    return f"{context['action']}{verb.name}/{context['query']}"


_BUTTON = (
    '<a class="button" href="{url}" data-opens="do-{name}" data-key="{key}">{icon}{word}'
    ' <kbd aria-hidden="true">{key}</kbd></a>'
)
_FORM = """<form class="form" method="post" action="{url}"{htmx}>
  {csrf}<input type="hidden" name="seen" value="{seen}"><input type="hidden" name="then" value="{then}">
  {find}{fields}
  <div class="row-of"><button class="button primary">{word}</button>{cancel}</div>
</form>"""
_HTMX = ' data-hx-post="{url}" data-hx-target="#desk" data-hx-swap="outerMorph"'
_FIND = SafeString(
    '<div class="field needs-script"><label for="goal-words">Find</label>'
    '<input id="goal-words" data-narrows="goal-target" autocomplete="off"></div>'
)
_CLOSES = SafeString('<button class="button" type="button" data-closes>Cancel</button>')
_BACK = '<a class="button" href="{url}">Cancel</a>'
