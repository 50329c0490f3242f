"""A mail of the outbox as it goes over the wire."""

from __future__ import annotations

from base64 import b64decode

from django.core.mail import EmailMultiAlternatives

from notices.models import Mail


def message(mail: Mail, *, plain: bool = False) -> EmailMultiAlternatives:
    """`plain` leaves the HTML out, where somebody reads it on a console."""
    made = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.address], headers=headers(mail))
    if mail.html and not plain:
        made.attach_alternative(mail.html, "text/html")
    for one in mail.attachments:
        made.attach(one["name"], b64decode(one["content"]), one["type"])
    return made


def headers(mail: Mail) -> dict[str, str]:
    # RFC 3834: no holiday notice is to answer. RFC 8058: a press in the mailbox ends what can be ended.
    found = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.thread_id:
        found |= {"In-Reply-To": mail.thread_id, "References": mail.thread_id}
    if mail.unsubscribe:
        found |= {
            "List-Unsubscribe": f"<{mail.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return found
