"""The pages of the review."""

from django.urls import URLPattern, path

from syncd.review.pages.asking import question_answer, question_withdraw, review_ask, why, why_ask, why_named
from syncd.review.pages.bulk import review_bulk
from syncd.review.pages.deciding import review_decide, review_undo, review_undo_many
from syncd.review.pages.queue import review, review_flag
from syncd.review.pages.saved import review_view_remove, review_view_share, review_views

urlpatterns: list[URLPattern] = [
    path("review/", review, name="review"),
    path("review/<int:pk>/", review_flag, name="review_flag"),
    path("review/<int:pk>/ask/", review_ask, name="review_ask"),
    path("review/<int:pk>/<slug:name>/", review_decide, name="review_decide"),
    path("review/bulk/", review_bulk, name="review_bulk"),
    path("review/decisions/<int:pk>/undo/", review_undo, name="review_undo"),
    path("review/batches/<slug:batch>/undo/", review_undo_many, name="review_undo_many"),
    path("review/views/", review_views, name="review_views"),
    path("review/views/<int:pk>/share/", review_view_share, name="review_view_share"),
    path("review/views/<int:pk>/remove/", review_view_remove, name="review_view_remove"),
    path("questions/<int:pk>/answer/", question_answer, name="question_answer"),
    path("questions/<int:pk>/withdraw/", question_withdraw, name="question_withdraw"),
    path("why/<int:pk>/", why, name="why"),
    path("why/<int:pk>/ask/", why_ask, name="why_ask"),
    path("why/<path:name>/", why_named, name="why_named"),
]
