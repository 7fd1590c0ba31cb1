#!/usr/bin/env bash
# Runs on the runner, where Azure CLI is logged in: packs a release, lends it to a virtual machine for five minutes, and
# has vm-release.sh put it in place there.
#
#   resource_group, vm  the machine
#   storage_account, container  where the archive lies meanwhile
#   paths               files and directories of the release, relative to base; none with spaces in it
#   base                directory that they are in (.)
#   turn_seconds        how long to wait while something else works on the machine (900)
#   and those of vm-release.sh, but for archive_url and archive_sha256
#   COMING, ...         see refuse-older.sh
set -euo pipefail

storage_account=${storage_account:-} container=${container:-} paths=${paths:-} base=${base:-.}
release=${release:-} turn_seconds=${turn_seconds:-900}
here=$(dirname -- "${BASH_SOURCE[0]}")

# What azure-vm-run.sh ends with if something else works on the machine.
NOT_ITS_TURN=75

die() {
  echo "$1" >&2
  exit 64
}

# Says which variable is wrong and what to do, never its value.
check() {
  [[ ${!1} =~ ^($2)$ ]] || die "$1 is missing or malformed. Set it to $3."
}

check storage_account '[a-z0-9]{3,24}' 'the name of a storage account'
check container '[a-z0-9][a-z0-9-]{1,61}[a-z0-9]' 'the name of a container'
check release '[0-9a-f]{40}' 'the full commit'
check turn_seconds '[0-9]{1,4}' 'a number of seconds'
check base '[A-Za-z0-9._/][A-Za-z0-9._/@+-]*' 'the path of a directory'
[[ $paths =~ [^[:space:]] ]] || die 'paths is missing. Set it to the files and directories of the release.'
files=()
for file in $paths; do
  [[ $file =~ ^[A-Za-z0-9._][A-Za-z0-9._/@+-]*$ && /$file/ != */../* ]] ||
    die 'paths has one in it that is not plain and relative. Set it to files and directories below base.'
  [[ -e $base/$file ]] || die "paths: there is no $file in $base. Correct it."
  files+=("$file")
done

# What is live there, by its mark in the list of releases.
if [[ -n ${COMING:-} ]]; then
  listed=$(
    env --unset=GITHUB_TOKEN --unset=GITHUB_OUTPUT script="$here/vm-release.sh" \
      action=rollback parameters='action directory' turn_seconds=300 limit_seconds=120 bash "$here/azure-vm-run.sh"
  ) || listed="* it cannot be told: ${listed##*$'\n'}"
  bash "$here/refuse-older.sh" "$(sed -n 's/^\* //p' <<<"$listed")"
  unset GITHUB_TOKEN
fi

umask 077
work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/vm-release.XXXXXX")
blob=''
options=(--auth-mode login --account-name "$storage_account" --container-name "$container" --only-show-errors)

finish() {
  local code=$?
  trap - EXIT
  if [[ -n $blob ]]; then
    az storage blob delete "${options[@]}" --name "$blob" --output none ||
      echo "The archive $blob could not be removed from $container." >&2
  fi
  rm -rf -- "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' HUP INT TERM

# The same files give the same archive, whoever packs them and when.
tar --create --file=- --directory="$base" --exclude-vcs --sort=name --format=gnu --mtime='2000-01-01 00:00:00Z' \
  --owner=0 --group=0 --numeric-owner --mode='u+rwX,go+rX,go-w' -- "${files[@]}" | gzip -9 -n >"$work/archive.tar.gz"
archive_sha256=$(sha256sum <"$work/archive.tar.gz")
archive_sha256=${archive_sha256:0:64}

blob=$release-${GITHUB_RUN_ID:-0}-${GITHUB_RUN_ATTEMPT:-0}-$RANDOM.tar.gz
az storage blob upload "${options[@]}" --name "$blob" --file "$work/archive.tar.gz" --no-progress --output none

# An address that lets read this blob, and nothing else. It is printed only where the runner takes it for a mask.
lend() {
  az storage blob generate-sas "${options[@]}" --name "$blob" --as-user --permissions r --https-only --full-uri \
    --expiry "$(date -u -d '+5 minutes' +%Y-%m-%dT%H:%M:%SZ)" --output tsv >"$work/address"
  archive_url=$(<"$work/address")
  if [[ ${GITHUB_ACTIONS:-} == true ]]; then
    printf '::add-mask::%s\n' "$archive_url" "${archive_url#*\?}"
  fi
}

export archive_sha256 release
export script=$here/vm-release.sh action=deploy
export parameters='action directory unit release keep archive_sha256 health_url health_statuses key_variable key_header environment_file udp_port health_seconds'
export protected_parameters=archive_url
# An address is old when it has waited for long: each turn begins with a new one.
turn_end=$((SECONDS + turn_seconds))
while :; do
  lend
  code=0
  archive_url=$archive_url turn_seconds=60 bash "$here/azure-vm-run.sh" || code=$?
  if ((code != NOT_ITS_TURN || SECONDS >= turn_end)); then
    exit "$code"
  fi
done
