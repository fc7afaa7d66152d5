"""What the office does with several letters, and with several messages to other programs."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from amphitheatre.web.hooks.domain import delivery
from amphitheatre.web.hooks.models import Message, MessageState
from amphitheatre.web.hooks.tasks import deliver as tell_hooks
from amphitheatre.web.mail.domain import postman
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.mail.tasks import deliver
from amphitheatre.web.office.bulk import OfficeAction


class SendAgain(OfficeAction):
    """What failed, or perhaps did not arrive, as a person decides."""

    models: ClassVar = [Letter]
    display_name = _("Send again")
    aria_label = _("Send the selected letters again")
    action_type = "resend"
    permission = "mail.resend_letter"
    verb = "amphitheatre.resend"

    def makes_sense(self, letter: Letter) -> bool:
        return postman.can_be_sent_again(letter)

    def do(self, letter: Letter) -> None:
        postman.send_again(letter)
        deliver.enqueue()


class TellAgain(OfficeAction):
    """A message that no webhook took."""

    models: ClassVar = [Message]
    related = ("hook",)
    display_name = _("Send again")
    aria_label = _("Send the selected messages again")
    action_type = "resend"
    permission = "hooks.resend_message"
    verb = "amphitheatre.resend"

    def makes_sense(self, message: Message) -> bool:
        return message.state == MessageState.FAILED

    def do(self, message: Message) -> None:
        delivery.send_again(message)
        tell_hooks.enqueue()


ACTIONS = (SendAgain, TellAgain)
