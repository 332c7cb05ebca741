"""Mail that comes back, from a folder of `.eml` files: answers to messages, answers of calendars, and bounces."""

from mentorkit.incoming_mail.meaning import Bounced
from mentorkit.incoming_mail.reading import MailReading, read_mail

__all__ = ["Bounced", "MailReading", "read_mail"]
