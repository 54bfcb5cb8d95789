"""What clients leave on an issue: comments, remote links, entity properties."""

from typing import Any

from syncd.sandbox.base import Response
from syncd.sandbox.jira.api import Call, Route, refuse
from syncd.sandbox.jira.model import Comment, Doc, RemoteLink


def list_comments(call: Call) -> Response:
    issue, start, size = call.issue(), call.number("startAt", 0), min(5000, call.number("maxResults", 50))
    comments = list(call.state.attached[issue.id].comments)
    if call.query("orderBy").startswith("-"):
        comments.reverse()
    page = [call.render.comment(comment, issue, call.query("expand")) for comment in comments[start : start + size]]
    return Response(body={"startAt": start, "maxResults": size, "total": len(comments), "comments": page})


def add_comment(call: Call) -> Response:
    issue, body, now = call.issue("ADD_COMMENTS"), call.body(), call.state.now_ms
    comment = Comment(call.state.new_id(), call.site.me, _written(call, body), now, now, _properties(body))
    call.state.attached[issue.id].comments.append(comment)
    call.state.touch(issue)
    return Response(201, call.render.comment(comment, issue, call.query("expand")))


def get_comment(call: Call) -> Response:
    return Response(body=call.render.comment(_comment(call), call.issue(), call.query("expand")))


def edit_comment(call: Call) -> Response:
    issue, comment, body = call.issue("ADD_COMMENTS"), _comment(call), call.body()
    comment.body, comment.updated = _written(call, body), call.state.now_ms
    comment.properties |= _properties(body)
    call.state.touch(issue)
    return Response(200, call.render.comment(comment, issue, call.query("expand")))


def delete_comment(call: Call) -> Response:
    issue = call.issue("ADD_COMMENTS")
    call.state.attached[issue.id].comments.remove(_comment(call))
    call.state.touch(issue)
    return Response(204)


def _comment(call: Call) -> Comment:
    for comment in call.state.attached[call.issue().id].comments:
        if str(comment.id) == call.parts[1]:
            return comment
    raise refuse(404, f"Can not find a comment for the id: {call.parts[1]}.")


def _written(call: Call, body: dict[str, Any]) -> Doc:
    text = body.get("body")
    if not text or isinstance(text, str) != (call.render.version == "2"):
        raise refuse(
            400, errors={"comment": "Comment body is not valid!" if text else "Comment body can not be empty!"}
        )
    return text  # type: ignore[no-any-return]  # a string or an object, as was just checked


def _properties(body: dict[str, Any]) -> dict[str, Any]:
    return {entry["key"]: entry["value"] for entry in body.get("properties") or ()}


def list_links(call: Call) -> Response:
    issue, wanted = call.issue(), call.query("globalId")
    links = call.state.attached[issue.id].links
    if not wanted:
        return Response(body=[call.render.remote_link(link, issue) for link in links])
    for link in links:
        if link.global_id == wanted:
            return Response(body=call.render.remote_link(link, issue))
    raise refuse(404, f"The remote link with global id '{wanted}' does not exist.")


def put_link(call: Call) -> Response:
    """One link for each global id: 201 when it is new, 200 when it was there and is now this one."""
    issue, content = call.issue("LINK_ISSUES"), call.body()
    target = content.get("object") or {}
    if missing := [name for name in ("title", "url") if not target.get(name)]:
        raise refuse(400, errors={missing[0]: f"'{missing[0]}' is required."})
    global_id = str(content.pop("globalId", "") or "")
    links = call.state.attached[issue.id].links
    link = next((link for link in links if global_id and link.global_id == global_id), None)
    status = 200 if link else 201
    if link is None:
        link = RemoteLink(call.state.new_id(), global_id, {})
        links.append(link)
    link.content = {name: content[name] for name in ("application", "relationship", "object") if name in content}
    where = call.render.remote_link(link, issue)
    return Response(status, {"id": where["id"], "self": where["self"]})


def delete_link(call: Call) -> Response:
    issue, wanted = call.issue("LINK_ISSUES"), call.query("globalId")
    links = call.state.attached[issue.id].links
    kept = [link for link in links if link.global_id != wanted]
    if len(kept) == len(links):
        raise refuse(404, f"The remote link with global id '{wanted}' does not exist.")
    call.state.attached[issue.id].links = kept
    return Response(204)


def list_properties(call: Call) -> Response:
    issue = call.issue()
    here = f"{call.render.api}/issue/{call.state.key(issue)}/properties"
    keys = call.state.attached[issue.id].properties
    return Response(body={"keys": [{"self": f"{here}/{key}", "key": key} for key in keys]})


def get_property(call: Call) -> Response:
    properties, key = call.state.attached[call.issue().id].properties, call.parts[1]
    if key not in properties:
        raise refuse(404, f"The property with key '{key}' does not exist.")
    return Response(body={"key": key, "value": properties[key]})


def put_property(call: Call) -> Response:
    """Any JSON value, up to 32,768 characters."""
    issue, key = call.issue("EDIT_ISSUES"), call.parts[1]
    if len(call.request.body) > 32768:
        raise refuse(400, "The property value is too long.")
    try:
        value = call.request.json()
    except ValueError:
        raise refuse(400, "The property value is not valid JSON.") from None
    properties = call.state.attached[issue.id].properties
    status = 200 if key in properties else 201
    properties[key] = value
    return Response(status)


def delete_property(call: Call) -> Response:
    if call.state.attached[call.issue("EDIT_ISSUES").id].properties.pop(call.parts[1], None) is None:
        raise refuse(404, f"The property with key '{call.parts[1]}' does not exist.")
    return Response(204)


ROUTES = (
    Route("GET", "/issue/{}/comment", list_comments),
    Route("POST", "/issue/{}/comment", add_comment),
    Route("GET", "/issue/{}/comment/{}", get_comment),
    Route("PUT", "/issue/{}/comment/{}", edit_comment),
    Route("DELETE", "/issue/{}/comment/{}", delete_comment),
    Route("GET", "/issue/{}/remotelink", list_links),
    Route("POST", "/issue/{}/remotelink", put_link),
    Route("DELETE", "/issue/{}/remotelink", delete_link),
    Route("GET", "/issue/{}/properties", list_properties),
    Route("GET", "/issue/{}/properties/{}", get_property),
    Route("PUT", "/issue/{}/properties/{}", put_property),
    Route("DELETE", "/issue/{}/properties/{}", delete_property),
)
