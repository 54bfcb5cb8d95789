"""The addresses of the partner side, all below ``/p/``. Ids in them are those of the copy."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from syncd.partners.entrance.asking import sign_out
from syncd.partners.entrance.links import enter, share
from syncd.partners.entrance.sso import sso, sso_back
from syncd.partners.feeds.views import atom, ical, json_feed
from syncd.partners.health import alive
from syncd.partners.pages import changes, commitments, files, items, preferences, subscribe, talk, tracker


class Public(StringConverter):
    """A public id: 22 letters. What is none leads nowhere."""

    regex = "[A-Za-z0-9_-]{22}"


register_converter(Public, "public")

urlpatterns = [
    # the ways in and out
    path("p/", tracker.tracker, name="tracker"),
    path("p/enter/<str:opens>", enter, name="enter"),
    path("p/with/<str:opens>", share, name="share"),
    path("p/sso/back", sso_back, name="sso_back"),
    path("p/sso/<public:name>", sso, name="sso"),
    path("p/out/", sign_out, name="sign_out"),
    # pages
    path("p/work.csv", files.table, name="table"),
    path("p/print/", files.paper, name="paper"),
    path("p/logo", files.logo, name="logo"),
    path("p/items/<public:public>/", items.item, name="item"),
    path("p/items/<public:public>/comments/", items.comment, name="item_comment"),
    path("p/commitments/", commitments.commitments, name="commitments"),
    path("p/commitments/<public:public>/", commitments.commitment, name="commitment"),
    path("p/commitments/<public:public>/answer/", commitments.answer, name="answer"),
    path("p/commitments/<public:public>/changes/", commitments.propose, name="propose"),
    path("p/commitments/<public:public>/comments/", commitments.comment, name="commitment_comment"),
    path("p/proposals/<public:public>/answer/", commitments.decide, name="decide"),
    path("p/changes/", changes.changes, name="changes"),
    path("p/talk/", talk.talk, name="talk"),
    path("p/talk/comments/", talk.say, name="say"),
    path("p/settings/", preferences.preferences, name="settings"),
    path("p/quiet/<str:token>", preferences.quiet, name="quiet"),
    # for programs
    path("p/subscribe/", subscribe.subscribe, name="subscribe"),
    path("p/subscribe/<public:name>/end/", subscribe.unsubscribe, name="unsubscribe"),
    path("p/feed/<str:opens>/changes.atom", atom, name="atom"),
    path("p/feed/<str:opens>/changes.json", json_feed, name="json_feed"),
    path("p/feed/<str:opens>/calendar.ics", ical, name="ical"),
    path("p/alive", alive, name="alive"),
]

handler400 = "syncd.partners.faults.bad_request"
handler403 = "syncd.partners.faults.forged"
handler404 = "syncd.partners.faults.missing"
handler500 = "syncd.partners.faults.broken"
