"""Requests to servers on the web, split in two: all that can be undone, and the one step that cannot.

Nothing here knows a service. It makes no more of HTTP than channels need: one request for each connection, no
redirects, no cookies, no proxies, and a limit to everything that the other side sends.
"""
