"""Writing letters: each is kept together with what it tells of, in one transaction; the worker sends it afterwards."""

from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from amphitheatre.web.mail.models import Letter
from amphitheatre.web.mail.tasks import deliver
from amphitheatre.web.ui.language import COLON, current_tag

_SUBJECT_MOST: Final = 250  # characters


def letter(key: str, to: str, language: str, template: str, context: dict[str, Any]) -> Letter:
    """Not kept yet. template: a text whose first line is the subject. language: BCP 47."""
    with translation.override(language):
        rendered = render_to_string(template, {"colon": COLON[current_tag()]} | context)
    subject, _, text = rendered.strip().partition("\n")
    return Letter(key=key, to=to, language=language, subject=subject, text=text.strip() + "\n")


def post(*letters: Letter) -> None:
    """Has them sent, apart from those that tell what was told before (`Letter.key`)."""
    for one in letters:  # a subject is one line, whatever stands in a name
        one.subject = " ".join(one.subject.split())[:_SUBJECT_MOST]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    deliver.enqueue()
