#!/usr/bin/env bash
# Runs on the runner, where Azure CLI is logged in: sends a configuration file to a virtual machine, where
# vm-config-file.sh puts it in place.
#
#   source                file in the repository
#   resource_group, vm    the machine
#   path, backup_directory, owner, reload   see vm-config-file.sh
set -euo pipefail

source=${source:-}
here=$(dirname -- "${BASH_SOURCE[0]}")
if [[ ! -f $source ]]; then
  echo "source: there is no file '$source'. Set it to the path of the configuration file." >&2
  exit 64
fi

# It travels as base64, so that no character of it means anything on its way; protected, for it may hold secrets.
content=$(base64 --wrap=0 -- "$source")
sha256=$(sha256sum <"$source")
sha256=${sha256:0:64}
export content sha256
export script=$here/vm-config-file.sh
export parameters='sha256 path backup_directory owner reload' protected_parameters=content
exec bash "$here/azure-vm-run.sh"
