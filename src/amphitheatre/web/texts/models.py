"""What every record with texts has: the language it was written in, and since when each text reads as it does."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from amphitheatre.web.ui.language import NAMES, TAGS, current_tag


class Translated(models.Model):
    """A record whose fields named in `texts` stand in every language of the pages, as `title_en`, `title_fr` …

    Each app's translation.py registers them. original: the BCP 47 tag that its author wrote in. text_dates: for each
    column when its text last changed, ISO 8601 in UTC; `bulk_create` and `update` do not write it.
    """

    texts: ClassVar[Sequence[str]] = ()
    _confirmed: Collection[str] = ()

    original = models.CharField(
        _("Written in"), max_length=10, choices=list(NAMES.items()), default=TAGS[settings.LANGUAGE_CODE]
    )
    text_dates = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """The first text, in the reader's language or in the one that it was written in."""
        first = self.texts[0]
        return (
            self.text(first, current_tag())
            or self.text(first, self.original)
            or f"{self._meta.model_name} {self.pk}"
        )

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        found = super().from_db(db, field_names, values)
        found._as_read = (field_names, values)  # most are never saved: compared only then
        return found

    def save(self, *args: Any, **options: Any) -> None:
        before = self.before()
        changed = [
            column
            for column, text in self._texts().items()
            if column in self._confirmed or text != (before.get(column) or "")
        ]
        if changed:
            at = timezone.now().isoformat(timespec="seconds")
            self.text_dates = self.text_dates | dict.fromkeys(changed, at)
            if options.get("update_fields") is not None:
                options["update_fields"] = {*options["update_fields"], "text_dates"}
        super().save(*args, **options)
        self._confirmed = ()
        known = [field.attname for field in self._meta.concrete_fields if field.attname in self.__dict__]
        self._as_read = (known, [self.__dict__[name] for name in known])

    def confirm(self, columns: Collection[str]) -> None:
        """These translations are right, though their original has changed or now changes: `save` dates them anew."""
        self._confirmed = frozenset(columns)

    def before(self) -> dict[str, Any]:
        """The columns as they were last read or saved; empty for a new record."""
        return dict(zip(*getattr(self, "_as_read", ((), ())), strict=True))

    def text(self, field: str, tag: str) -> str:
        """In that language alone; empty where nobody has written it yet."""
        return getattr(self, _column(field, tag), "") or ""

    def dated(self, field: str, tag: str) -> str:
        """When it last changed; empty when that is not known."""
        return str(self.text_dates.get(_column(field, tag), ""))

    def _texts(self) -> dict[str, str]:
        """Those that were loaded, by column."""
        columns = [_column(field, tag) for field in self.texts for tag in TAGS.values()]
        return {column: self.__dict__[column] or "" for column in columns if column in self.__dict__}


@cache
def _column(field: str, tag: str) -> str:
    return str(build_localized_fieldname(field, tag.lower()))
