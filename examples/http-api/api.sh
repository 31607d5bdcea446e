#!/bin/sh
# Submits one protein to the HTTP API, waits for its scores, and prints the best variants. Needs curl 7.75 or newer and jq.
#
#   export AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_REGION=...    (AWS_SESSION_TOKEN for temporary credentials)
#   examples/http-api/api.sh "$(pulumi stack output apiUrl)" MKTAYIAKQRQISFVKSHFSRQ
set -eu

usage='Usage: api.sh API_URL SEQUENCE    (AWS credentials and AWS_REGION in the environment)'
if [ "${1:-}" = --help ]; then
  echo "$usage"
  exit
fi
if [ $# -ne 2 ]; then
  echo "$usage" >&2
  exit 2
fi
url=$1
sequence=$2

call() {
  curl --silent --show-error --fail-with-body --aws-sigv4 "aws:amz:$AWS_REGION:execute-api" \
    --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
    ${AWS_SESSION_TOKEN:+--header "x-amz-security-token: $AWS_SESSION_TOKEN"} "$@"
}

job=$(jq --null-input --arg sequence "$sequence" '{$sequence}' |
  call --header 'content-type: application/json' --data @- "$url/predictions")
id=$(printf '%s' "$job" | jq --raw-output .data.output_id)
echo "Job $id" >&2

while :; do
  job=$(call "$url/predictions/$id")
  status=$(printf '%s' "$job" | jq --raw-output .data.status)
  [ "$status" = in_progress ] || break
  sleep "$(printf '%s' "$job" | jq '.data.retry_after_seconds | ceil | if . > 30 then 30 else . end')"
done

if [ "$status" != completed ]; then
  printf '%s' "$job" | jq --raw-output '"The job \(.data.status): \(.data.reason)"' >&2
  exit 1
fi
printf '%s' "$job" | jq --raw-output '.data.results.best[] | "\(.hgvs)\t\(.score)"'
echo 'llr below 0: less likely than the wild type; above 0: likelier.' >&2
if [ "$(printf '%s' "$job" | jq --raw-output .data.results.model.weights)" = synthetic ]; then
  echo 'Synthetic weights: the scores say nothing about this protein.' >&2
fi
