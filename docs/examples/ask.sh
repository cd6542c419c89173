#!/bin/sh
# Asks a running Shutten and prints the answer's JSON; with -s its events as they come.
#
#   sh ask.sh [-s] "青函トンネルはいつ開業しましたか" [http://127.0.0.1:7860]
#
# curl 7.76 or newer. A key, where one is asked for, is read from SHUTTEN_KEY.
set -eu

accept=application/json
if [ "${1:-}" = -s ]; then
  accept=text/event-stream
  shift
fi
if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  echo 'usage: sh ask.sh [-s] "QUESTION" [ADDRESS]' >&2
  exit 2
fi

# A JSON string: backslashes and quotation marks are escaped, line breaks become spaces.
question=$(printf %s "$1" | tr '\n\r\t' '   ' | sed 's/["\\]/\\&/g')

set -- "${2:-http://127.0.0.1:7860}"
if [ -n "${SHUTTEN_KEY:-}" ]; then
  set -- "$1" --header "Authorization: Bearer $SHUTTEN_KEY"
fi
address=$1
shift

curl --silent --show-error --no-buffer --fail-with-body "$@" \
  --header 'Content-Type: application/json' --header "Accept: $accept" \
  --data "{\"question\": \"$question\"}" "$address/api/ask"
echo
