#!/bin/sh
# Opens the desk of this folder in your browser: on a Mac, double-click this file; elsewhere, run it with sh.
# Close this window to close the desk. What you wrote is kept.
cd "$(dirname "$0")" || exit 1
# Where pipx and uv put what they install; a double-click does not read the settings of a terminal.
PATH="$HOME/.local/bin:/opt/homebrew/bin:/usr/local/bin:$PATH"
if command -v statusgen >/dev/null; then
  exec statusgen desk
fi
if python3 -m statusgen --version >/dev/null 2>&1; then
  exec python3 -m statusgen desk
fi
if command -v uv >/dev/null; then
  exec uv run --no-project --with-requirements requirements.txt statusgen desk
fi
echo "statusgen is not installed on this computer yet. Install it once, in this folder:"
echo "  pipx install \"$(tail -n 1 requirements.txt)\""
printf 'Press Enter to close. '
read -r _
exit 1
