#!/usr/bin/env bash
# Builds the Pulumi CLI, in the version that go.mod pins, and prints the folder that holds it. The folder is in the
# user's cache, so the build, which takes minutes, runs once. Needs Go 1.21 or newer, which fetches the Go version that
# go.mod names.
#
#     PATH="$(tests/engine/cli/build.sh):$PATH" npm test -- engine
set -euo pipefail
cd "$(dirname "$0")"

version=$(go list -m -f '{{.Version}}' github.com/pulumi/pulumi/pkg/v3)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/amplify-vep/pulumi-$version

if [[ ! -x $folder/pulumi ]]; then
  echo "Building the Pulumi CLI $version in $folder. This takes minutes, once." >&2
  mkdir -p "$folder"
  # The finished file is renamed into place: an interrupted build leaves no broken CLI, and two builds do not collide.
  unfinished=$(mktemp -d "$folder/build.XXXXXX")
  trap 'rm -rf "$unfinished"' EXIT
  # The Automation API asks the CLI for its version, which is empty unless the linker sets it.
  GOBIN=$unfinished go install \
    -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$version" tool >&2
  mv "$unfinished/pulumi" "$folder/pulumi"
fi
echo "$folder"
