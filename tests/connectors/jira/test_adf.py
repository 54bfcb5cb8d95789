import pytest

from connectors.jira import adf


def doc(*content):
    return {"type": "doc", "version": 1, "content": list(content)}


def p(*content):
    return {"type": "paragraph", "content": [text(one) if isinstance(one, str) else one for one in content]}


def text(value, *marks):
    return {"type": "text", "text": value, "marks": list(marks)}


def node(kind, *content, **attrs):
    return {"type": kind, "attrs": attrs, "content": list(content)}


LINK = {"type": "link", "attrs": {"href": "https://x.example"}}


@pytest.mark.parametrize(
    ("document", "plain"),
    [
        (None, ""),
        ("", ""),
        ({}, ""),
        (doc(), ""),
        (doc(p("one"), p("two")), "one\n\ntwo"),
        (doc(node("heading", text("Title"), level=2), p("body")), "Title\n\nbody"),
        (doc(p("a", {"type": "hardBreak"}, "b")), "a\nb"),
        (doc(p(text("bold", {"type": "strong"}), " rest")), "bold rest"),
        (doc(p(text("here", LINK))), "here (https://x.example)"),
        (doc(p(text("https://x.example", LINK))), "https://x.example"),
        (
            doc(p("see ", node("inlineCard", url="https://x.example/browse/WEB-1"))),
            "see https://x.example/browse/WEB-1",
        ),
        (doc(node("blockCard", url="https://x.example")), "https://x.example"),
        (doc(node("embedCard", url="https://x.example")), "https://x.example"),
        (doc(p(node("mention", id="5b1", text="@Ana"), " and ", node("mention", id="5b2"))), "@Ana and @5b2"),
        (doc(p(node("emoji", shortName=":smile:", text="😄"), node("emoji", shortName=":x:"))), "😄:x:"),
        (doc(p(node("date", timestamp="1793577600000"))), "2026-11-02"),
        (doc(p(node("date", timestamp="soon"))), ""),
        (doc(p(node("status", text="DONE", color="green"))), "DONE"),
        (doc(node("bulletList", node("listItem", p("a")), node("listItem", p("b")))), "- a\n- b"),
        (doc(node("orderedList", node("listItem", p("a")), node("listItem", p("b")), order=3)), "3. a\n4. b"),
        (doc(node("taskList", node("taskItem", text("a"), state="DONE"), node("taskItem", text("b")))), "[x] a\n[ ] b"),
        (doc(node("decisionList", node("decisionItem", text("a")))), "a"),
        (doc(node("codeBlock", text("x = 1\ny = 2"), language="python")), "x = 1\ny = 2"),
        (doc(node("blockquote", p("said"))), "said"),
        (doc(node("panel", p("note"), panelType="info")), "note"),
        (doc(node("expand", p("inside"), title="More")), "More\ninside"),
        (doc(p("a"), {"type": "rule"}, p(), p(), p("b")), "a\n\nb"),
        (doc(node("table", node("tableRow", node("tableHeader", p("h")), node("tableCell", p("c"))))), "h\nc"),
        (doc(node("mediaSingle", node("media", id="1", alt="a screenshot"))), "a screenshot"),
        (doc(node("layoutSection", node("layoutColumn", p("left")), node("layoutColumn", p("right")))), "left\nright"),
        (doc(node("extension", text="fallback")), "fallback"),
        (doc(node("bodiedExtension", p("inside"))), "inside"),
        (doc(node("somethingNew", p("kept"))), "kept"),
        (doc({"type": "somethingNew", "text": "kept"}), "kept"),
        (doc(p("a"), None, 7, "stray"), "a\n\nstray"),
        (
            doc(
                {"type": {}, "content": [p("a")]},
                {"type": "text", "text": None},
                {"type": "text", "marks": 3, "text": "b"},
            ),
            "a\n\nb",
        ),
    ],
)
def test_a_document_as_text(document, plain):
    assert adf.text(document) == plain


def test_depth_is_no_limit():
    document = p("deep")
    for _ in range(50_000):
        document = {"type": "blockquote", "content": [document]}
    assert adf.text(document) == "deep"
    while content := document.get("content"):  # taken apart by hand: freeing it at once would recurse
        document = content.pop()
