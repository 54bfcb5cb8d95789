import time

import pytest

from connectors.jira import wiki


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("plain, a*b*c and snake_case_name", "plain, a*b*c and snake_case_name"),
        ("h1. Title\r\nbody", "Title\nbody"),
        ("*bold* and _it_ and {{mono}}", "bold and it and mono"),
        ("* one\n** two\n# num\n- dash", "- one\n- two\n- num\n- dash"),
        ("[the fix|https://x.example/1]", "the fix (https://x.example/1)"),
        ("[https://x.example/1]", "https://x.example/1"),
        ("[~ana] and [~accountid:5b1]", "@ana and @5b1"),
        ("[^log.txt] !shot.png|thumbnail!", "log.txt shot.png"),
        ("[WEB-12] stays", "[WEB-12] stays"),
        ("{code:java}\nint x;\n{code}", "int x;"),
        ("{quote}said{quote} {color:red}red{color}", "said red"),
        ("/users/{id}", "/users/{id}"),
        ("||a||b||\n|1|2|", "a | b\n1|2"),
        ("a\n----\nb", "a\n\nb"),
        (r"\{code\} \*not bold\*", "{code} *not bold*"),
        ("wow! really!", "wow! really!"),
    ],
)
def test_markup_as_text(markup, plain):
    assert wiki.text(markup) == plain


@pytest.mark.parametrize("unit", ["[", "[a|", "{{", "*a ", "_a ", "!a.b", "{code:", "|", "\\", "!", "[~"])
def test_time_is_linear_in_the_text(unit):
    began = time.process_time()
    wiki.text(unit * 20_000)
    assert time.process_time() - began < 1.0
