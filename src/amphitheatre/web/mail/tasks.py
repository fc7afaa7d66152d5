"""What the worker does with letters."""

from django_tasks import task

from amphitheatre.web.mail.domain import postman


@task()
def deliver() -> None:
    """Sends what is due, and comes back for what has to be tried again."""
    for letter in postman.due():
        if again := postman.send(letter):
            deliver.using(run_after=again).enqueue()
