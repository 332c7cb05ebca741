#!/bin/sh
# Makes docs/images/report.png: the report of the shipped example in the middle of its program, as a browser shows it.
# Needs the environment that make sets up, and chromium.
set -eu

cd "$(dirname "$0")/.."
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
    echo "This needs chromium." >&2
    exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state"

.venv/bin/mentorkit run examples/adventureworks/program.toml --simulate --folder "$work/run" >/dev/null
.venv/bin/mentorkit report examples/adventureworks/program.toml --folder "$work/run" --at 2027-04-15T09:00 \
    --out "$work/report.html" >/dev/null
mkdir -p docs/images
"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
    --window-size=1200,1120 --screenshot="$PWD/docs/images/report.png" "file://$work/report.html" 2>/dev/null
ls -l docs/images/report.png
