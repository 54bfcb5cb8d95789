"""The site map."""

from django.urls import URLPattern, URLResolver, path

from syncd.accounts.urls import urlpatterns as people
from syncd.api.urls import urlpatterns as api
from syncd.notify.urls import urlpatterns as messages
from syncd.review.urls import urlpatterns as review
from syncd.sharing.urls import urlpatterns as sharing
from syncd.strategy.urls import urlpatterns as strategy
from syncd.trackers.urls import urlpatterns as trackers
from syncd.web import frame
from syncd.web.audit import audit, audit_csv
from syncd.web.health import healthz, readyz
from syncd.web.metrics import metrics
from syncd.web.status import status

urlpatterns: list[URLPattern | URLResolver] = [
    path("", status, name="home"),
    path("status/", status, name="status"),
    path("theme/", frame.theme, name="theme"),
    path("keys/", frame.keys, name="keys"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("audit/", audit, name="audit"),
    path("audit/audit.csv", audit_csv, name="audit_csv"),
    *trackers,
    *people,
    *review,
    *strategy,
    *sharing,
    *messages,
    *api,
]

handler400 = "syncd.web.faults.bad_request"
