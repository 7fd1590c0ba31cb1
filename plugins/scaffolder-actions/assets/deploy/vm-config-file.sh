#!/bin/bash
PATH='/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/freeswitch/bin'
state_root='/var/lib/backstage-deploy'
# Runs as root on the virtual machine. Puts a configuration file in place and has it read; if anything fails after
# that, the file that was there comes back. Wherever a run was killed, the next one heals what it left.
#
#   action            deploy, or tell: says which commit the file is of that is there, and changes nothing
#   content           of the file, in base64
#   sha256            of the file
#   commit            that it is of, for whoever asks later; nothing is kept without it
#   path              of the file on the machine
#   backup_directory  keeps copies with the time in their names, such as public.xml.20260207T101500Z
#   owner             user or user:group; that of the file that is there unless said otherwise
#   reload            freeswitch-xml has FreeSWITCH read its files; nothing is told unless said otherwise
#
# The last line tells the result; it begins with `deployed`, `already there`, `told:`, `nothing changed:` (exit 1; 64 for a
# bad value, 75 if it is not its turn), `restored:` (exit 2) or `still broken:` (exit 3).
set -euo pipefail
export PATH LC_ALL=C
umask 022
# One stream, in order: of an output only its last 4 KiB come back.
exec 2>&1

sha256=${sha256:-} path=${path:-} backup_directory=${backup_directory:-} owner=${owner:-} reload=${reload:-}
content=${content:-} action=${action:-deploy} commit=${commit:-}
# It may hold secrets, and would make every command's environment large.
export -n content

phase=unchanged result='' reason='The script ended where it should not.'
locked='' copy='' live='' problem=''
base=${path##*/} folder=${path%/*}
new=$folder/.$base.deploy-new new_backup=$backup_directory/.$base.deploy-new

# Ends the script; `finish` decides by the phase what that means.
fail() {
  reason=${1//$'\n'/ }
  exit "${2:-1}"
}

# Runs a command; what it says is the reason if it fails.
try() {
  local what=$1 said
  shift
  said=$("$@" 2>&1) || fail "$what: ${said:0:300}"
}

# Says which variable is wrong and what to do, never its value.
check() {
  [[ ${!1} =~ ^($2)$ ]] || fail "$1 is missing or malformed. Set it to $3." 64
}

check_path() {
  check "$1" '(/[A-Za-z0-9._@+-]+)+' "a plain absolute path, such as $2"
  [[ ${!1}/ != */./* && ${!1}/ != */../* ]] || fail "$1 has . or .. in it. Set it to a plain absolute path." 64
}

check_values() {
  check action 'deploy|tell' 'deploy or tell'
  check_path path /etc/team/service.xml
  [[ $action == deploy ]] || return 0
  check_path backup_directory /etc/team/backup
  check owner '([a-z_][a-z0-9_-]*(:[a-z_][a-z0-9_-]*)?)?' 'a user or user:group, or leave it out'
  check reload '(freeswitch-xml)?' 'freeswitch-xml, or leave it out'
  check sha256 '[0-9a-f]{64}' 'the SHA-256 of the file'
  check commit '([0-9a-f]{40})?' 'the full commit, or leave it out'
  check content '[A-Za-z0-9+/]+={0,2}' 'the file in base64, on one line'
}

# The portal's scripts take turns by the same lock, and keep what they did beside it.
take_lock() {
  state=$(printf '%s' "$path" | sha256sum)
  state=$state_root/${state:0:24}
  # shellcheck disable=SC2174 # The directory above it may be seen.
  try "$state cannot be made" mkdir -p -m 700 -- "$state"
  { exec 9>>"$state/lock"; } || fail "The lock in $state cannot be opened."
  flock -w 60 9 || fail 'Another script works on this file.' 75
  locked=1
}

hash_of() {
  local sum
  sum=$(sha256sum <"$1")
  printf '%s' "${sum:0:64}"
}

# Whether a run died before the file that it put in place was read. Once the portal has worked here after that, its
# word counts.
unfinished() {
  [[ -f $state/unfinished && ! $state/owners -nt $state/unfinished ]]
}

# It is of the commit that brought it as long as nobody has put another one in its place.
tell() {
  local of='' sum=''
  [[ -f $path ]] || fail "There is no file $path."
  if [[ -f $state/commit ]]; then
    read -r of sum <"$state/commit" || true
  fi
  [[ $sum == "$(hash_of "$path")" ]] || of='no commit that is known'
  phase=proven
  result="told: $path is of $of"
}

# It is good by now: without this note nobody can tell later what is older.
note_commit() {
  [[ -n $commit ]] || return 0
  { printf '%s %s\n' "$commit" "$sha256" >"$state/commit.new" && mv -Tf -- "$state/commit.new" "$state/commit"; } ||
    echo 'The commit cannot be noted.'
}

receive() {
  printf '%s' "$content" | base64 -d >"$state/content" || fail 'content cannot be decoded. Set it to the file in base64.'
  [[ $(hash_of "$state/content") == "$sha256" ]] || fail 'content is not the file that was sent: its SHA-256 differs.'
}

# Copies the live file to the backups unless one of them holds the same; $copy is its name there, and the way back.
back_up() {
  local file
  for file in "$backup_directory/$base".*; do
    if [[ -f $file && ! -L $file && $(hash_of "$file") == "$live" ]]; then
      copy=${file##*/}
      return
    fi
  done
  copy=$base.$(date -u +%Y%m%dT%H%M%SZ)
  while [[ -e $backup_directory/$copy ]]; do
    copy+=-1
  done
  try 'The backup cannot be made' cp -p --no-dereference -- "$path" "$new_backup"
  # Its time is that of the backup: the newest copy is told by it.
  try 'The backup cannot be made' touch -- "$new_backup"
  try 'The backup cannot be written' sync -- "$new_backup"
  try 'The backup cannot be put in place' mv -Tf -- "$new_backup" "$backup_directory/$copy"
}

# Makes a copy of a file beside its place, with the owner and mode of what is there or has to be; one move is left.
stage() {
  local like=$path mode=640
  if [[ -e $path ]]; then
    mode=$(stat -c %a -- "$path")
  else
    like=$folder
  fi
  rm -f -- "$new" && cp --no-dereference -- "$1" "$new" &&
    chown -- "${owner:-$(stat -c %u:%g -- "$like")}" "$new" && chmod -- "$mode" "$new" && sync -- "$new"
}

# FreeSWITCH answers with exit code 0 even where it refuses a file.
read_again() {
  local said
  [[ $reload == freeswitch-xml ]] || return 0
  if ! said=$(timeout 30 fs_cli -x reloadxml 2>&1) || [[ $said != *+OK* || $said == *-ERR* ]]; then
    said=${said//$'\n'/ }
    problem="FreeSWITCH did not read it: ${said:0:300}"
    return 1
  fi
}

put_back() {
  problem='it cannot be replaced'
  if [[ -z $copy ]]; then
    rm -f -- "$path" && read_again
  elif [[ -f $path && $(hash_of "$path") == "$(hash_of "$backup_directory/$copy")" ]]; then
    read_again
  else
    stage "$backup_directory/$copy" && mv -Tf -- "$new" "$path" && read_again
  fi
}

restore() {
  echo "failed: $reason"
  if put_back; then
    rm -f -- "$state/unfinished"
    result="restored: ${copy:-no file, as before}"
    return 2
  fi
  result="still broken: $problem; ${copy:-no file} was there before"
  return 3
}

finish() {
  local code=$1
  trap - EXIT
  set +e
  if [[ $phase == replaced ]]; then
    restore
    code=$?
  elif [[ $phase == unchanged ]]; then
    result="nothing changed: $reason"
  fi
  [[ -z $locked ]] || rm -f -- "$state/content" "$new" "$new_backup"
  echo "$result"
  exit "$code"
}

trap 'finish $?' EXIT
trap 'fail "The script was ended from outside." 143' HUP INT TERM

check_values
[[ -d $folder ]] || fail "There is no directory $folder. Make it, or correct path."
take_lock
if [[ $action == tell ]]; then
  tell
  exit 0
fi
receive
[[ ! -L $path && (! -e $path || -f $path) ]] || fail "$path is not a plain file. Replace it by one, or correct path."
if [[ -f $path ]]; then
  live=$(hash_of "$path")
fi
if unfinished; then
  # What is there was perhaps never read: what was there before is on record.
  read -r before <"$state/unfinished" || true
  if [[ ! $before =~ ^[A-Za-z0-9._:-]+$ || ! -f $backup_directory/$before ]]; then
    before=''
  fi
  phase=replaced
elif [[ $live == "$sha256" ]]; then
  phase=proven
  result="already there: $path is the file that was sent"
  note_commit
  exit 0
fi
copy=${before:-}
if [[ -n $live && $live != "$sha256" ]]; then
  try "$backup_directory cannot be made" mkdir -p -- "$backup_directory"
  back_up
  copy=${before-$copy}
fi
try "$path cannot be written" stage "$state/content"
if [[ $phase == unchanged ]]; then
  printf '%s\n' "$copy" >"$state/unfinished.new" || fail 'The change cannot be put on record.'
  try 'The change cannot be put on record' mv -Tf -- "$state/unfinished.new" "$state/unfinished"
  phase=replaced
fi
try "$path cannot be replaced" mv -Tf -- "$new" "$path"
read_again || fail "$problem"
try 'The record of the change cannot be removed' rm -f -- "$state/unfinished"
phase=proven
result="deployed $path${copy:+; what was there before is $copy}"
note_commit
