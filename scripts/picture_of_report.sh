#!/bin/sh
# Makes docs/images/report.png: the report of the shipped example in its fourteenth week, as a browser shows it. What
# people say in it is made up. Needs the environment that make sets up, and chromium.
set -eu

cd "$(dirname "$0")/.."
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
    echo "This needs chromium." >&2
    exit 1
}
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state"
cp -R examples/adventureworks "$work/example"
cd "$work/example"

for day in 01-11 01-18 01-25 02-01 02-08 02-10 02-15 02-22 03-01 03-08 03-15 03-22 03-29 04-05 04-12; do
    "$here/.venv/bin/mentorkit" run program.toml --at "2027-${day}T10:00" >/dev/null 2>&1
done
"$here/.venv/bin/python" "$here/scripts/made_up_answers.py" program.run 2027-04-14 >said.csv
"$here/.venv/bin/mentorkit" record program.toml --from said.csv --at 2027-04-15T09:00 >/dev/null
"$here/.venv/bin/mentorkit" report program.toml --at 2027-04-15T09:00 --out "$work/report.html" >/dev/null

mkdir -p "$here/docs/images"
"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
    --window-size=1200,1480 --screenshot="$here/docs/images/report.png" "file://$work/report.html" 2>/dev/null
[ -z "${KEEP_REPORT:-}" ] || cp "$work/report.html" "$KEEP_REPORT"
ls -l "$here/docs/images/report.png"
