"""The addresses of people and teams."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
