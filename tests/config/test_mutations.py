"""Whatever becomes of a good file, it loads or is refused with a place: nothing else is ever raised."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.files import ConfigError, load

EXAMPLE = Path(__file__).parents[2] / "config" / "example"
GOOD = {path.name: path.read_text(encoding="utf-8") for path in sorted(EXAMPLE.glob("*.yaml"))}
ODD = [
    "", " ", "\t", "\n", ":", ": ", "- ", "[", "]", "{", "}", "&a ", "*a", "!!map ", "|", ">", "%", "@", "`", "'", '"',
    "\\", "#", "~", "null", "true", "no", "0", "-1", "1e99", "99999999999999999999", "2026-13-01", "\u2028", "\ufeff",
    "\x00", "é", "🙂", "---\n", "...\n", "<<: ", "? ", "[[[[[[[[", "{any: [{none: []}]}", "(?P<x>", "*" * 50,
]  # fmt: skip


@st.composite
def mutated(draw):
    """One of the examples with a few pieces cut out, doubled, replaced or put elsewhere."""
    name = draw(st.sampled_from(sorted(GOOD)))
    text = GOOD[name]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 1, 2, 5, 20, 80])))
        piece = draw(st.sampled_from([*ODD, text[start:end] * 2]) | st.text(max_size=8))
        text = text[:start] + piece + text[end:]
    return name, text


@st.composite
def transplanted(draw):
    """One of the examples in which a value stands in the place of another."""
    name = draw(st.sampled_from(sorted(GOOD)))
    lines = GOOD[name].splitlines()
    keyed = [index for index, line in enumerate(lines) if ": " in line and not line.lstrip().startswith("#")]
    index = draw(st.sampled_from(keyed))
    value = st.sampled_from([lines[other].partition(": ")[2] for other in keyed]) | st.sampled_from(ODD)
    lines[index] = f"{lines[index].partition(': ')[0]}: {draw(value)}"
    return name, "\n".join(lines)


def refused_or_loaded(name, data):
    with tempfile.TemporaryDirectory() as folder:
        for other, text in GOOD.items():
            (Path(folder) / other).write_text(text, encoding="utf-8")
        (Path(folder) / name).write_bytes(data)
        for problem in problems(Path(folder)):
            assert problem.message
            assert problem.line >= 1
            assert problem.column >= 1
            assert "Input should" not in str(problem)
            assert "\n" not in str(problem)


def problems(folder):
    try:
        load(folder)
    except ConfigError as error:
        return error.problems
    return ()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_a_file_with_pieces_changed_never_crashes(change):
    name, text = change
    refused_or_loaded(name, text.encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(transplanted())
def test_a_value_in_the_wrong_place_never_crashes(change):
    name, text = change
    refused_or_loaded(name, text.encode())


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(sorted(GOOD)), st.binary(max_size=200))
def test_bytes_of_any_kind_never_crash(name, data):
    refused_or_loaded(name, data)
