"""``POST /graphql``: a small, honest subset of GitHub's GraphQL API."""

from typing import Any

from syncd.sandbox.github.graphql.document import SyntaxProblem, parse
from syncd.sandbox.github.graphql.execute import Execution
from syncd.sandbox.github.graphql.schema import Schema


def answer(schema: Schema, body: Any) -> dict[str, Any]:
    """``data`` and ``errors``; a document that is not valid has errors alone, with status 200 as at GitHub."""
    query = body.get("query") if isinstance(body, dict) else None
    if not isinstance(query, str):
        return {"errors": [{"message": "A query attribute must be specified and must be a string."}]}
    try:
        document = parse(query)
    except SyntaxProblem as problem:
        return {"errors": [{"message": f"Parse error: {problem}"}]}
    if document.kind != "query":
        return {"errors": [{"message": "Mutations are not part of the sandbox; write through the REST API."}]}
    return Execution(document, body.get("variables") or {}).run(schema.query())


__all__ = ["Schema", "answer"]
