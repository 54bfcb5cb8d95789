"""The pages about partners, for our own people."""

from django.urls import URLPattern, path

from syncd.sharing.pages.ledger import partner_ledger, partner_ledger_file
from syncd.sharing.pages.linking import partner_link_revoke, partner_link_rotate, partner_links
from syncd.sharing.pages.mirrored import partner_mirror_again
from syncd.sharing.pages.partner import partner
from syncd.sharing.pages.partners import partners
from syncd.sharing.pages.preview import partner_preview
from syncd.sharing.pages.promising import (
    partner_commitment,
    partner_commitment_accept,
    partner_commitment_propose,
    partner_commitment_remove,
    partner_proposal,
)
from syncd.sharing.pages.saying import partner_say, partner_word
from syncd.sharing.pages.switching import partner_resume, partner_stop
from syncd.sharing.pages.waiting import partner_waiting, partner_waiting_csv
from syncd.sharing.pages.why import partner_why, partner_why_named

ONE = "partners/<str:partner>/"
COMMITMENT = f"{ONE}commitments/<str:name>/"
LINK = f"{ONE}links/<str:link>/"

urlpatterns: list[URLPattern] = [
    path("partners/", partners, name="partners"),
    path(ONE, partner, name="partner"),
    path(f"{ONE}waiting/", partner_waiting, name="partner_waiting"),
    path(f"{ONE}waiting/waiting.csv", partner_waiting_csv, name="partner_waiting_csv"),
    path(f"{ONE}preview/", partner_preview, name="partner_preview"),
    path(f"{ONE}why/", partner_why_named, name="partner_why_named"),
    path(f"{ONE}why/<int:item>/", partner_why, name="partner_why"),
    path(f"{ONE}ledger/", partner_ledger, name="partner_ledger"),
    path(f"{ONE}ledger/ledger.<str:form>", partner_ledger_file, name="partner_ledger_file"),
    path(f"{ONE}word/", partner_word, name="partner_word"),
    path(f"{ONE}say/", partner_say, name="partner_say"),
    path(f"{ONE}stop/", partner_stop, name="partner_stop"),
    path(f"{ONE}resume/", partner_resume, name="partner_resume"),
    path(f"{ONE}links/", partner_links, name="partner_links"),
    path(f"{LINK}rotate/", partner_link_rotate, name="partner_link_rotate"),
    path(f"{LINK}revoke/", partner_link_revoke, name="partner_link_revoke"),
    path(f"{ONE}mirrors/<int:mirror>/again/", partner_mirror_again, name="partner_mirror_again"),
    path(COMMITMENT, partner_commitment, name="partner_commitment"),
    path(f"{COMMITMENT}accept/", partner_commitment_accept, name="partner_commitment_accept"),
    path(f"{COMMITMENT}propose/", partner_commitment_propose, name="partner_commitment_propose"),
    path(f"{COMMITMENT}remove/", partner_commitment_remove, name="partner_commitment_remove"),
    path(f"{ONE}proposals/<str:public>/", partner_proposal, name="partner_proposal"),
]
