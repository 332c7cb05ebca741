"""A process of its own that sends one message through Apprise, and can be ended whatever Apprise does.

It reads a line of JSON (`url`, `title`, `body`), says `ready`, `missing` or `refused`, and sends only once it is told
`go`; then it says `sent` or `not`. Nothing that Apprise or its services print gets out: it may hold secrets.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def main() -> None:
    """Send one message, if told to."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    asked = json.loads(sys.stdin.readline())
    told, sender = _made(asked["url"])
    print(told, file=answers, flush=True)
    if sender is not None and sys.stdin.readline().strip() == "go":
        sent = sender.notify(title=asked["title"], body=asked["body"], body_format="text")
        print("sent" if sent else "not", file=answers, flush=True)
    os._exit(0)  # threads that a service left behind do not keep it


def _made(url: str) -> tuple[str, Any]:
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError:
        return "missing", None
    asset = AppriseAsset(async_mode=False)
    asset.http_redirects = False
    sender = Apprise(asset=asset)
    return ("ready", sender) if sender.add(url) and len(sender) == 1 else ("refused", None)


if __name__ == "__main__":
    main()
