"""Which address of trying leads where."""

from django.urls import path

from .views import Try

urlpatterns = [path("try/", Try.as_view())]
