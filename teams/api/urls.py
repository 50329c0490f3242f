"""The addresses of people and teams."""

from django.urls import path

from teams.api.entrance import Entrance, SingleSignOn
from teams.api.invitations import Accept, Invitation, Invitations, Offer
from teams.api.me import Data, Leaving, Me, SecretPicture, Token, Tokens
from teams.api.site import Accounts, Lift, Recover, Suspend
from teams.api.teams import Member, Team, Teams

urlpatterns = [
    path("entrance/", Entrance.as_view()),
    path("entrance/single-sign-on/", SingleSignOn.as_view()),
    path("me/", Me.as_view()),
    path("me/data/", Data.as_view()),
    path("me/leaving/", Leaving.as_view()),
    path("me/secret-picture/", SecretPicture.as_view()),
    path("me/tokens/", Tokens.as_view()),
    path("me/tokens/<str:token_id>/", Token.as_view()),
    path("site/accounts/", Accounts.as_view()),
    path("site/accounts/<str:account_id>/suspend/", Suspend.as_view()),
    path("site/accounts/<str:account_id>/lift/", Lift.as_view()),
    path("site/accounts/<str:account_id>/recovery/", Recover.as_view()),
    path("teams/", Teams.as_view()),
    path("teams/<slug:slug>/", Team.as_view()),
    path("teams/<slug:slug>/members/<str:account_id>/", Member.as_view()),
    path("teams/<slug:slug>/invitations/", Invitations.as_view()),
    path("teams/<slug:slug>/invitations/<str:invitation_id>/", Invitation.as_view()),
    path("invitations/<str:token>/", Offer.as_view()),
    path("invitations/<str:token>/accept/", Accept.as_view()),
]
