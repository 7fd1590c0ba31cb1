#!/usr/bin/env bash
# Runs on the runner, where Azure CLI is logged in: sends a configuration file to a virtual machine, where
# vm-config-file.sh puts it in place.
#
#   source                file in the repository
#   resource_group, vm    the machine
#   path, backup_directory, owner, reload   see vm-config-file.sh
#   COMING, ...           see refuse-older.sh
set -euo pipefail

source=${source:-}
here=$(dirname -- "${BASH_SOURCE[0]}")
if [[ ! -f $source ]]; then
  echo "source: there is no file '$source'. Set it to the path of the configuration file." >&2
  exit 64
fi

export script=$here/vm-config-file.sh
# The file that is there does not tell its commit: the machine keeps that beside it.
if [[ -n ${COMING:-} ]]; then
  told=$(
    env --unset=GITHUB_TOKEN --unset=GITHUB_OUTPUT action=tell parameters='action path' \
      turn_seconds=300 limit_seconds=120 bash "$here/azure-vm-run.sh"
  ) || told="it cannot be told: ${told##*$'\n'}"
  bash "$here/refuse-older.sh" "$told"
  unset GITHUB_TOKEN
fi
export commit=${COMING:-}

# It travels as base64, so that no character of it means anything on its way; protected, for it may hold secrets.
content=$(base64 --wrap=0 -- "$source")
sha256=$(sha256sum <"$source")
sha256=${sha256:0:64}
export content sha256
export parameters='sha256 commit path backup_directory owner reload' protected_parameters=content
exec bash "$here/azure-vm-run.sh"
