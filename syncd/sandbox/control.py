"""The sandbox's own endpoints, for tests and for people who play with it.

========================  =================================================================
``GET /state``            what is in the services now (``?service=jira`` for one)
``GET /requests``         requests counted by service, operation and status, and the last ones
``POST /requests/reset``  count from zero
``POST /act``             ``{service, name, …}``: change the world behind the API's back
``POST /faults``          ``{service, kind, match, times, after, retry_after}``: see ``faults.py``
``DELETE /faults``        nothing goes wrong any more
``POST /webhooks``        ``{service, url, secret}``; ``GET`` tells what was delivered
========================  =================================================================
"""

from typing import TYPE_CHECKING, Any

from syncd.sandbox.base import Request, Response

if TYPE_CHECKING:
    from syncd.sandbox.server import Sandbox


def control(sandbox: "Sandbox", request: Request) -> Response:
    """Answer a request below ``/_sandbox``."""
    endpoint = _ENDPOINTS.get((request.method, request.path))
    if endpoint is None:
        known = ", ".join(f"{method} {path}" for method, path in _ENDPOINTS)
        return Response(404, {"error": f"no {request.method} {request.path} here; there are {known}"})
    try:
        return Response(200, endpoint(sandbox, request))
    except KeyError as error:
        return Response(404, {"error": f"unknown: {error.args[0]}"})
    except (TypeError, ValueError) as error:
        return Response(400, {"error": str(error)})


def _state(sandbox: "Sandbox", request: Request) -> Any:
    wanted = request.query.get("service")
    return {service: sandbox.truth(service) for service in ([wanted] if wanted else sandbox.services)}


def _requests(sandbox: "Sandbox", _: Request) -> Any:
    return sandbox.journal.to_json()


def _reset(sandbox: "Sandbox", _: Request) -> Any:
    sandbox.journal.reset()
    return {}


def _act(sandbox: "Sandbox", request: Request) -> Any:
    arguments = request.json()
    service, name = arguments.pop("service"), arguments.pop("name")
    return {"result": sandbox.act(service, name, **arguments)}


def _add_fault(sandbox: "Sandbox", request: Request) -> Any:
    arguments = request.json()
    sandbox.fault(arguments.pop("service", ""), arguments.pop("kind"), **arguments)
    return {}


def _clear_faults(sandbox: "Sandbox", _: Request) -> Any:
    sandbox.faults.clear()
    return {}


def _add_webhook(sandbox: "Sandbox", request: Request) -> Any:
    arguments = request.json()
    sandbox.webhook(arguments["service"], arguments["url"], arguments["secret"])
    return {}


def _webhooks(sandbox: "Sandbox", _: Request) -> Any:
    return sandbox.webhooks.to_json()


_ENDPOINTS = {
    ("GET", "/state"): _state,
    ("GET", "/requests"): _requests,
    ("POST", "/requests/reset"): _reset,
    ("POST", "/act"): _act,
    ("POST", "/faults"): _add_fault,
    ("DELETE", "/faults"): _clear_faults,
    ("POST", "/webhooks"): _add_webhook,
    ("GET", "/webhooks"): _webhooks,
}
