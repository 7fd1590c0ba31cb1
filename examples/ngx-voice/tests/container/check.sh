#!/usr/bin/env bash
# Runs an image and asks whether it is well.
set -euo pipefail

container=$(docker run --detach --publish 127.0.0.1:8000:8000 "$1")
trap 'docker rm --force "$container"' EXIT
curl --silent --show-error --fail --retry 20 --retry-all-errors --retry-delay 1 http://127.0.0.1:8000/health
