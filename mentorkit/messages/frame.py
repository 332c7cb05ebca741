"""The page around a message: one column that reads well on a phone, in the dark, and to a screen reader.

It loads nothing: no pictures, no fonts, no styles from elsewhere. Colors are left to the reader's mail program, which
keeps contrast right in light and dark alike; the two that are set are legible on both.
"""

from __future__ import annotations

from html import escape

_STYLE = "max-width:38em;margin:0 auto;padding:24px 20px;overflow-wrap:anywhere;font:16px/1.55 "
_FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

_PAGE = """\
<!DOCTYPE html>
<html lang="{language}" dir="auto">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
</head>
<body style="margin:0;padding:0">
<main lang="{language}" dir="auto" style="{style}">
{body}</main>
</body>
</html>
"""

_STYLES = {
    "<h1>": '<h1 style="font-size:1.45em;line-height:1.25;margin:0 0 .7em">',
    "<h2>": '<h2 style="font-size:1.2em;line-height:1.3;margin:1.6em 0 .5em">',
    "<h3>": '<h3 style="font-size:1.05em;line-height:1.3;margin:1.4em 0 .4em">',
    "<p>": '<p style="margin:0 0 1em">',
    "<ul>": '<ul style="margin:0 0 1em;padding-inline-start:1.4em">',
    "<ol>": '<ol style="margin:0 0 1em;padding-inline-start:1.4em">',
    "<li>": '<li style="margin:0 0 .3em">',
    "<blockquote>": '<blockquote style="margin:0 0 1em;padding:0 1em;border-inline-start:3px solid #808080">',
    "<table>": '<table style="border-collapse:collapse;margin:0 0 1em">',
    "<th>": '<th scope="col" style="text-align:start;padding:.3em .9em .3em 0;border-bottom:1px solid #808080">',
    "<td>": '<td style="vertical-align:top;padding:.3em .9em .3em 0">',
    "<hr />": '<hr style="border:0;border-top:1px solid #808080;margin:1.6em 0">',
}


def framed(body: str, title: str, language: str) -> str:
    """Return a whole page around the HTML of a message."""
    for plain, styled in _STYLES.items():
        body = body.replace(plain, styled)  # what a message shows is escaped: these can only be tags
    return _PAGE.format(language=escape(language), title=escape(title), style=_STYLE + _FONT, body=body)
