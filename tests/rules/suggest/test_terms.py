import pytest

from rules.suggest.terms import runs, terms, tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PodLevelResources", ["podlevelresources", "pod", "level", "resources"]),
        ("HTTPServer", ["httpserver", "http", "server"]),
        ("IDs of PVCs", ["ids", "id", "pvcs", "pvc"]),
        ("KMSv2", ["kmsv2", "kms", "v2"]),
        ("KMS v2", ["kms", "v2"]),
        ("OpenAPIV3", ["openapiv3", "open", "api", "v3"]),
        ("IPv6DualStack", ["ipv6dualstack", "ip", "v6", "dual", "stack"]),
        ("invoicev2", ["invoicev2", "invoice", "v2"]),
        ("v1beta1", ["v1beta1"]),
        ("pod_ready", ["podready", "pod", "ready"]),
        ("--max-age=30", ["max", "age"]),
        ("the use of new x", []),
        ("see https://acme.example/pods/1", ["see"]),
        ("Übergröße", ["übergrösse"]),
        ("支払い", ["支払い"]),
        ("", []),
    ],
)
def test_a_text_counts_as_these_words(text: str, words: list[str]) -> None:
    assert [word for token in tokens(text) for word in token.words] == words


def test_a_word_as_it_is_written_stays_known() -> None:
    assert [token.written for token in tokens("the CheckoutForm fails")] == ["CheckoutForm", "fails"]


def test_runs_see_where_a_word_begins() -> None:
    assert runs("scale") == ["~ sca", "~scal", "~cale"]
    assert runs("ab") == ["~ ab"]


def test_scripts_without_spaces_have_runs_of_two() -> None:
    assert "~支払" in runs("支払い")


def test_neighbours_make_pairs() -> None:
    count = terms(tokens("audit log of the audit log"))
    assert (count["audit"], count["audit log"], count["log audit"]) == (2, 2, 1)
