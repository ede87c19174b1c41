"""Reminding people of what waits for them: once a day, at the desk and, where configured, by mail."""

from kb.clock import utc_now
from kb.outbox import Job
from kb.reminder import keep_reminders, make_digests, mark_mailed, unmailed_reminders
from workers.lease import Lease
from workers.mail import MailUnavailable, compose, log, mail_server, send
from workers.resources import Resources
from workers.run import NOTHING_TO_DO, Outcome


def remind(resources: Resources, _job: Job, lease: Lease) -> Outcome:
    """Make today's digests and send those that were not sent yet.

    What was sent is noted at once: a job that goes on after it was interrupted writes to the others only.

    Raises:
        MailUnavailable: the digests are kept; the mail is tried again.
    """
    now = utc_now()
    day = now.astimezone(resources.settings.zone).date()
    with resources.database.reading() as session:
        digests = make_digests(session, day=day, now=now)
    with resources.database.transaction() as session:
        keep_reminders(session, digests=digests, day=day, now=now)
    if resources.settings.smtp_host is None:
        return NOTHING_TO_DO
    with resources.database.reading() as session:
        waiting = unmailed_reminders(session, day=day)
    if not waiting:
        return NOTHING_TO_DO
    later = 0
    with mail_server(resources.settings) as server:
        for number, (reminder, user) in enumerate(waiting):
            lease.report(number, len(waiting))
            try:
                message = compose(reminder, user, resources.settings)
            except ValueError as error:
                log.warning("nobody can be written to at the address of %s: %s", user.login, error)
            else:
                if not send(server, message):
                    later += 1
                    continue
            with resources.database.transaction() as session:
                mark_mailed(session, reminder_id=reminder.id, now=utc_now())
    if later:
        raise MailUnavailable(reason=f"{later} readers' servers want to be asked later")
    return NOTHING_TO_DO
