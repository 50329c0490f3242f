"""Which address of decisions leads where."""

from django.urls import path

from . import record, screens, views
from .commands import COMMANDS, endpoint

urlpatterns = [
    path("teams/<slug:slug>/proposals/", views.TeamProposals.as_view()),
    path("proposals/", views.ProposalList.as_view()),
    path("proposals/<str:id>/", views.ProposalView.as_view()),
    path("proposals/<str:id>/open/", views.OpenProposal.as_view()),
    path("proposals/<str:id>/journal/", views.Journal.as_view()),
    path("proposals/<str:id>/voice/", views.Voices.as_view()),
    path("proposals/<str:id>/export/", views.Export.as_view()),
    path("proposals/<str:id>/export.csv", record.Spreadsheet.as_view()),
    path("proposals/<str:id>/receipts/", record.MyReceipts.as_view()),
    path("proposals/<str:id>/afterwords/", record.Afterwords.as_view()),
    path("receipts/", record.ReceiptCheck.as_view()),
    path("proposals/<str:id>/screens/", screens.Screens.as_view()),
    path("screens/<str:id>/", screens.ScreenView.as_view()),
    path("qr/", screens.Qr.as_view()),
    path("render/", views.Render.as_view()),
    *(path(address, endpoint(address, calls).as_view()) for address, calls in COMMANDS.items()),
]
