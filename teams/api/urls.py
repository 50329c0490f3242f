"""The addresses of people and teams."""

from django.urls import path

from teams.api.invitations import Accept, Invitation, Invitations, Offer
from teams.api.me import Me, Token, Tokens
from teams.api.teams import Member, Team, Teams

urlpatterns = [
    path("me/", Me.as_view()),
    path("me/tokens/", Tokens.as_view()),
    path("me/tokens/<str:token_id>/", Token.as_view()),
    path("teams/", Teams.as_view()),
    path("teams/<slug:slug>/", Team.as_view()),
    path("teams/<slug:slug>/members/<str:account_id>/", Member.as_view()),
    path("teams/<slug:slug>/invitations/", Invitations.as_view()),
    path("teams/<slug:slug>/invitations/<str:invitation_id>/", Invitation.as_view()),
    path("invitations/<str:token>/", Offer.as_view()),
    path("invitations/<str:token>/accept/", Accept.as_view()),
]
