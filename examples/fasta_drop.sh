#!/bin/sh
# Scores every record of a FASTA file by an upload to S3, and waits for the summary. Needs the AWS CLI and fastaDrop.
set -eu

usage() {
  cat <<'HELP'
Usage: fasta_drop.sh --bucket BUCKET --fasta FILE [options]

Options:
  --bucket <name>            bucket of the stack, its output s3BucketName
  --fasta <file>             FASTA file of up to 10,000 proteins; its name ends in .fasta, .fa, .faa, or these and .gz
  --out <folder>             where manifest and top variants are written (default: .)
  --max-attempts <number>    number of times to look for the summary (default: 720)
  --poll-interval <seconds>  seconds between two times (default: 10)
  --help                     show this help

Examples:
  fasta_drop.sh --bucket "$(pulumi stack output s3BucketName)" --fasta proteins.fasta
  fasta_drop.sh --bucket my-bucket --fasta proteins.fasta.gz --out results --poll-interval 60
HELP
}

fail() {
  echo "fasta_drop.sh: $1" >&2
  exit "$2"
}

bucket='' fasta='' out=. attempts=720 interval=10
while [ $# -gt 0 ]; do
  case "$1" in
  --help) usage && exit 0 ;;
  --bucket | --fasta | --out | --max-attempts | --poll-interval) [ $# -gt 1 ] || fail "$1 needs a value." 2 ;;
  *) fail "unknown option $1. See: fasta_drop.sh --help" 2 ;;
  esac
  case "$1" in
  --bucket) bucket=$2 ;;
  --fasta) fasta=$2 ;;
  --out) out=$2 ;;
  --max-attempts) attempts=$2 ;;
  --poll-interval) interval=$2 ;;
  esac
  shift 2
done
[ -n "$bucket" ] && [ -n "$fasta" ] || fail "--bucket and --fasta are needed. See: fasta_drop.sh --help" 2
[ -f "$fasta" ] || fail "there is no file $fasta." 2

# The checksum keeps the results of an earlier file of the same name apart.
name=$(cksum <"$fasta" | cut -d ' ' -f 1)-$(basename "$fasta")
upload="s3://$bucket/uploads/$name"
mkdir -p "$out"
aws s3 cp --only-show-errors "$fasta" "$upload"
echo "Uploaded to $upload" >&2

while [ "$attempts" -gt 0 ]; do
  attempts=$((attempts - 1))
  if aws s3 cp --only-show-errors "$upload.summary.json" "$out/$name.summary.json" 2>/dev/null; then
    if grep -q '"status": *"ended"' "$out/$name.summary.json"; then
      aws s3 cp --only-show-errors "$upload.manifest.jsonl" "$out/$name.manifest.jsonl"
      aws s3 cp --only-show-errors "$upload.top-variants.csv" "$out/$name.top-variants.csv"
      cat "$out/$name.summary.json"
      exit 0
    fi
    grep -q '"status": *"refused"' "$out/$name.summary.json" && fail "$(cat "$out/$name.summary.json")" 1
  fi
  sleep "$interval"
done
fail "the jobs have not ended yet; look later at $upload.summary.json" 1
