#!/bin/sh
# Shows real words from real audio, without an account: installs the local recognizer where it is missing, and runs the quick start.
set -eu
cd "$(dirname "$0")/.."

have_recognizer() {
  PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q 'libpocketsphinx\.so\.3' && [ -d /usr/share/pocketsphinx/model/en-us ]
}

packages="libpocketsphinx3 pocketsphinx-en-us"
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"

if [ -z "${NLS_APP_KEY:-}" ] && ! have_recognizer && command -v apt-get >/dev/null; then
  echo "Installing the recognizer: $packages (26 MB)"
  { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages; } >/dev/null ||
    echo "That failed. By hand: $as_root apt-get update && $as_root apt-get install -y --no-install-recommends $packages" >&2
fi

# Restoring and building print nothing, and take a minute or two the first time.
start() {
  echo "Restoring and building the example (a minute or two, the first time)"
  dotnet build -c Release -v quiet --nologo -clp:NoSummary examples/QuickStart >&2
  echo "Transcribing examples/QuickStart/ivr-prompts.wav"
  exec dotnet run -c Release --no-build --project examples/QuickStart -- "$@"
}

if [ -n "${NLS_APP_KEY:-}" ] || have_recognizer; then
  start
fi

echo "The recognizer (PocketSphinx 0.8: $packages on Debian and Ubuntu) isn't here: a script plays its part." >&2
start --scripted
