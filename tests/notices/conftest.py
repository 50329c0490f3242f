"""A mail server to send to, and mail to send."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from conventions.transactions import writing
from notices.models import Mail
from notices.outbox import Letter, queue
from tests.notices import nursery as nurseries
from tests.notices import sink as sinks
from tests.notices.nursery import Nursery
from tests.notices.sink import Sink


@pytest.fixture
def sink(settings: LazySettings) -> Iterator[Sink]:
    """Mail is set up, and this is the server it goes to."""
    with sinks.running() as running:
        settings.RONDO_MAIL = "sent"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 10
        yield running


@pytest.fixture(scope="module")
def ready_nursery(django_db_setup: None) -> Iterator[Nursery]:
    with nurseries.running() as running:
        yield running


@pytest.fixture
def nursery(transactional_db: None, ready_nursery: Nursery) -> Iterator[Nursery]:
    """Real processes over the test's database."""
    yield ready_nursery
    ready_nursery.kill()


def written(event: str = "event:1", *addresses: str, subject: str = "Something asked") -> list[Mail]:
    """The mails of an event, queued and committed as far as the test commits."""
    with writing():
        queue(event, [Letter(one, subject, "Words.\n", "<p>Words.</p>") for one in addresses or ("max@example.org",)])
    return list(Mail.objects.filter(event=event).order_by("address"))


def fresh(mail: Mail) -> Mail:
    return Mail.objects.get(pk=mail.pk)
