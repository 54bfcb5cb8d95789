"""The pages about goals and alignment."""

from django.urls import URLPattern, path

from syncd.strategy.pages.alignment import alignment, alignment_csv
from syncd.strategy.pages.goals import goal, goals, goals_csv

urlpatterns: list[URLPattern] = [
    path("goals/", goals, name="goals"),
    path("goals/goals.csv", goals_csv, name="goals_csv"),
    path("goals/<str:pk>/", goal, name="goal"),
    path("alignment/", alignment, name="alignment"),
    path("alignment/<slug:name>.csv", alignment_csv, name="alignment_csv"),
]
