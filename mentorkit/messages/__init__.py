"""Messages: what an author may write, what becomes of it, and the check that nothing is left to fail at sending.

`sandbox` is the language, `markdown` what Markdown comes to, `frame` the page around it, `rendering` puts them
together, `naming` says which names a message knows and `checking` renders every message for made-up recipients.
Nothing in here reads a file or sends anything.
"""

from mentorkit.messages.checking import check_messages
from mentorkit.messages.rendering import Rendered, render

__all__ = ["Rendered", "check_messages", "render"]
