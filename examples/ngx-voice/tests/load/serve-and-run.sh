#!/usr/bin/env bash
# Serves the agent on this machine and loads it, with the arguments of locust that are given.
set -euo pipefail

uvicorn src.main:app --port 8000 &
server=$!
trap 'kill "$server"' EXIT
curl --silent --fail --retry 20 --retry-connrefused --retry-delay 1 --output /dev/null http://127.0.0.1:8000/health
locust --headless --locustfile tests/load/locustfile.py --host http://127.0.0.1:8000 "$@"
