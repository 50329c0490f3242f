"""Which address of meetings leads where."""

from django.urls import path

from . import views
from .views import COMMANDS, endpoint

urlpatterns = [
    path("meetings/", views.Meetings.as_view()),
    path("teams/<slug:slug>/meetings/", views.TeamMeetings.as_view()),
    path("meetings/<str:id>/", views.Meeting.as_view()),
    path("meetings/<str:id>/minutes/", views.Minutes.as_view()),
    path("meetings/<str:id>/minutes/mail/", views.MailedMinutes.as_view()),
    path("meetings/<str:id>/calendar.ics", views.CalendarEntry.as_view()),
    *(path(f"meetings/<str:id>/{address}/", endpoint(address).as_view()) for address in COMMANDS),
]
