"""The pages of the messages."""

from django.urls import URLPattern, path

from syncd.notify.pages import leaving, operating, subscriptions

urlpatterns: list[URLPattern] = [
    path("messages/", subscriptions.subscriptions, name="messages"),
    path("messages/<int:pk>/", subscriptions.subscription, name="messages_subscription"),
    path("messages/<int:pk>/end/", subscriptions.end, name="messages_end"),
    path("messages/<int:pk>/resume/", subscriptions.resume, name="messages_resume"),
    path("messages/digests/<int:pk>/", subscriptions.digest, name="messages_digest"),
    path("messages/alerts/", operating.alerts, name="messages_alerts"),
    path("messages/outbox/", operating.sent, name="messages_outbox"),
    path("messages/outbox/<int:pk>/again/", operating.again, name="messages_again"),
    path("unsubscribe/<str:token>/", leaving.unsubscribe, name="unsubscribe"),
]
