# shellcheck shell=bash disable=SC2034,SC2154
# Runs as root on the machine. The values stand above as quoted assignments; see README.md.
set -u -f -o pipefail
umask 022
export PATH LC_ALL=C

# Nothing but the answer goes to standard output: run-command keeps its last 4,096 bytes only.
exec 3>&1 1>&2

# Ends the script with the members of a JSON object; the nonce tells this answer from any other output.
answer() {
  printf '\n@deploy %s {%s}\n' "$nonce" "$1" >&3
  exit 0
}

# Free text as base64, so that nothing in it can be taken for JSON.
encode() {
  tail -c 600 | base64 -w 0
}

refuse() {
  answer "\"refused\":\"$1\""
}

fail() {
  answer "\"failed\":\"$1\",\"reason\":\"$(printf '%s' "$2" | encode)\""
}

# Writes a file whole or not at all.
store() {
  printf '%s\n' "$2" >"$1.new" && mv -Tf -- "$1.new" "$1"
}

# A number in decimal, 0 for anything else.
number() {
  [[ $1 =~ ^[0-9]{1,12}$ ]] && printf '%d' "$((10#$1))" || printf '0'
}

# Makes the operation the owner of what is changed here, or ends the script. The file `owners` holds who
# was, with the largest fence seen: a script of a process that has lost the operation, or of an operation
# that another one followed, comes too late.
claim() {
  local reason owner='' highest=0 seen=0 name fence_seen
  # shellcheck disable=SC2174 # The directory above it may be seen.
  reason=$(mkdir -p -m 700 -- "$state" 2>&1) || fail state "$reason"
  { exec 9>>"$state/lock"; } || fail state "The lock in $state cannot be opened."
  flock -n 9 || refuse busy
  if [[ -f $state/owners ]]; then
    while read -r name fence_seen; do
      owner=$name
      highest=$(number "$fence_seen")
      if [[ $name == "$operation" ]]; then
        seen=1
      fi
    done <"$state/owners"
  fi
  record=$state/$operation
  if [[ $owner == "$operation" ]]; then
    ((fence >= highest)) || refuse fence
    ((fence > highest)) || return 0
  elif ((seen)); then
    refuse fence
  fi
  reason=$(
    {
      {
        [[ ! -f $state/owners ]] || tail -n 49 -- "$state/owners"
        printf '%s %s\n' "$operation" "$fence"
      } >"$state/owners.new" && mv -Tf -- "$state/owners.new" "$state/owners"
    } 2>&1
  ) || fail state "$reason"
  find "$state" -maxdepth 1 -type f -name '*.step-*' -mtime +30 -delete
}

# What this operation has done already, so that it is done once.
was() {
  [[ -f $record.step-$1 ]]
}

mark() {
  local reason
  reason=$(store "$record.step-$1" "${2-}" 2>&1) || fail state "$reason"
}

unmark() {
  rm -f -- "$record.step-$1"
}
