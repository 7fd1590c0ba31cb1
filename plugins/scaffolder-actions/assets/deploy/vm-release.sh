#!/bin/bash
PATH='/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
state_root='/var/lib/backstage-deploy'
# Runs as root on the virtual machine. Puts a release in place and proves that it is up; if anything fails after the
# switch, the release that was live before comes back. Wherever a run was killed, the next one heals what it left.
#
#   action           deploy, or rollback: puts back a release that is there, lists them if none is chosen
#   directory        holds releases/<name> and the link current
#   unit             systemd unit that runs what current leads to
#   release          full commit (rollback: any name below releases)
#   keep             how many releases stay (3)
#   archive_url      https address of the tar.gz; a secret
#   archive_sha256   of the tar.gz
#   health_url, health_statuses ("200")         has to answer one of these
#   key_variable, environment_file, key_header  the key in that file goes along in that header (X-API-Key)
#   udp_port         something has to listen there
#   health_seconds   how long it may take to come up (120)
#
# The last line tells the result; it begins with `deployed`, `put back`, `listed`, `nothing changed:` (exit 1; 64 for a
# bad value, 75 if it is not its turn), `rolled back to`, `taken out:` (exit 2) or `still broken:` (exit 3).
set -euo pipefail
export PATH LC_ALL=C TZ=UTC0
umask 022
# One stream, in order: of an output only its last 4 KiB come back.
exec 2>&1

action=${action:-deploy} directory=${directory:-} unit=${unit:-} release=${release:-} keep=${keep:-3}
archive_sha256=${archive_sha256:-} health_url=${health_url:-} health_statuses=${health_statuses:-200}
key_variable=${key_variable:-} environment_file=${environment_file:-} key_header=${key_header:-X-API-Key}
udp_port=${udp_port:-} health_seconds=${health_seconds:-120} archive_url=${archive_url:-}
# A secret: no command that is started from here on inherits it.
export -n archive_url

phase=unchanged result='' reason='The script ended where it should not.'
state='' locked='' extracting='' before='' key='' problem='' failed=''
name_pattern='[A-Za-z0-9][A-Za-z0-9._-]{0,127}'

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
  check action 'deploy|rollback' 'deploy or rollback'
  check_path directory /opt/team/service
  if [[ $action == rollback && -z $release ]]; then
    return
  fi
  check unit '[A-Za-z0-9:_.@][A-Za-z0-9:_.@-]*\.service' 'the unit to restart, such as team-service.service'
  check health_seconds '[0-9]{1,2}|[1-5][0-9]{2}|600' 'a number of seconds up to 600'
  check udp_port '([1-9][0-9]{0,4})?' 'a port number, or leave it out'
  check health_url '(https?://[][A-Za-z0-9.:-]+(/[][A-Za-z0-9._~/?&=%+:@,-]*)?)?' 'an http or https address, or leave it out'
  check health_statuses '[1-5][0-9]{2}( [1-5][0-9]{2})*' 'HTTP status codes with spaces between them'
  if [[ -n $key_variable ]]; then
    check key_variable '[A-Za-z_][A-Za-z0-9_]*' 'the name of a variable'
    check key_header '[A-Za-z0-9-]+' 'the name of a header'
    check_path environment_file /etc/team/service.env
    [[ -n $health_url ]] || fail 'health_url is missing. Set it to where the key is to be sent, or leave out key_variable.' 64
  fi
  if [[ $action == rollback ]]; then
    check release "$name_pattern" 'the name of a directory in releases'
  else
    check release '[0-9a-f]{40}' 'the full commit'
    check keep '[2-9]|[1-9][0-9]|100' 'a number from 2 to 100'
    check archive_sha256 '[0-9a-f]{64}' 'the SHA-256 of the archive'
    check archive_url 'https://[A-Za-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._~/%-]+(\?[A-Za-z0-9._~%&=+/:,-]*)?' 'an https address'
  fi
}

# The portal's scripts take turns by the same lock, and keep what they did beside it.
take_lock() {
  state=$(printf '%s' "$directory" | sha256sum)
  state=$state_root/${state:0:24}
  # shellcheck disable=SC2174 # The directory above it may be seen.
  try "$state cannot be made" mkdir -p -m 700 -- "$state"
  { exec 9>>"$state/lock"; } || fail "The lock in $state cannot be opened."
  flock -w 60 9 || fail 'Another script works on this service.' 75
  locked=1
}

complete() {
  [[ -d $releases/$1 && ! -L $releases/$1 && ! -e $releases/$1/.incomplete ]] &&
    [[ -n $(find "$releases/$1" -mindepth 1 -maxdepth 1 -print -quit) ]]
}

# What is live, by the link. It is what to go back to, unless a run died between its switch and the proof.
find_live() {
  local to switched='' from=''
  live=''
  if [[ -L $directory/current ]]; then
    to=$(readlink -- "$directory/current")
    to=${to%/}
    to=${to#"$directory"/}
    [[ $to =~ ^releases/($name_pattern)$ ]] ||
      fail "$directory/current leads elsewhere. Link it to releases/<name>, or remove it."
    live=${BASH_REMATCH[1]}
  elif [[ -e $directory/current ]]; then
    fail "$directory/current is not a symbolic link. Move it to releases/<name>, and link it."
  fi
  before=$live
  # Once the portal has worked here after that run, its word counts.
  if [[ -n $state && -f $state/unfinished && ! $state/owners -nt $state/unfinished ]]; then
    read -r switched from <"$state/unfinished" || true
    if [[ ($live == "$switched" || $live == "$from") && $from =~ ^($name_pattern)?$ ]]; then
      before=$from
      phase=switched
    fi
  fi
  [[ -z $before || -d $releases/$before ]] || before=''
}

# In one move first: half of a release must not pass for a release.
discard() {
  rm -rf -- "$releases/.discarded-$1" && mv -T -- "$releases/$1" "$releases/.discarded-$1" &&
    rm -rf -- "$releases/.discarded-$1"
}

download() {
  local said
  try 'An old archive cannot be removed' rm -f -- "$state/archive"
  # Arguments can be seen by every process of the machine: the address goes by standard input.
  said=$(
    printf 'url = "%s"\n' "$archive_url" |
      curl -q --config - --silent --show-error --fail --globoff --proto '=https' --retry 2 --max-time 120 \
        --output "$state/archive" 2>&1
  ) || fail "The archive cannot be downloaded: ${said//"${archive_url#*\?}"/***}"
  said=$(sha256sum <"$state/archive")
  [[ ${said:0:64} == "$archive_sha256" ]] || fail 'The archive is not the one that was sent: its SHA-256 differs.'
}

# Nothing is written outside of the release, and nothing in it leads out.
check_names() {
  local names line=$'\n'
  names=$(tar -t -z -P --quoting-style=escape -f "$state/archive" 2>&1) || fail 'The archive is not a tar.gz.'
  [[ ! $line$names$line =~ $line/|($line|/)\.\.(/|$line) ]] || fail 'The archive has absolute names or .. in names.'
}

check_extracted() {
  local path=$releases/$release real link
  [[ -n $(find "$path" -mindepth 1 ! -path "$path/.incomplete" -print -quit) ]] || fail 'The archive is empty.'
  [[ -z $(find "$path" ! -type f ! -type d ! -type l -print -quit) ]] || fail 'The archive has devices or sockets in it.'
  real=$(readlink -f -- "$path")
  find "$path" -type l -print0 >"$state/links" || fail 'The links of the archive cannot be listed.'
  while IFS= read -r -d '' link; do
    link=$(readlink -m -- "$link")
    [[ $link == "$real" || $link == "$real"/* ]] || fail 'The archive has a link that leads out of it.'
  done <"$state/links"
}

bring_release() {
  if complete "$release"; then
    echo "$release is on the machine already."
    return
  fi
  [[ $live != "$release" || ! -d $releases/$release ]] ||
    fail "$release is live and marked .incomplete. Put another release back first, or remove the mark if it is whole."
  download
  check_names
  if [[ -e $releases/$release ]]; then
    try "What is left of $release cannot be removed" discard "$release"
  fi
  extracting=1
  try "$releases/$release cannot be made" mkdir -p -- "$releases/$release"
  try 'The mark .incomplete cannot be made' touch -- "$releases/$release/.incomplete"
  try 'The archive cannot be extracted' tar -x -z --no-same-owner --no-same-permissions -f "$state/archive" -C "$releases/$release"
  check_extracted
  # The mark goes last, and only when the rest is on the disk.
  try 'The release cannot be written' sync -f -- "$releases/$release"
  try 'The mark .incomplete cannot be removed' rm -- "$releases/$release/.incomplete"
  extracting=''
}

# The value of a variable in an environment file of systemd; the last one counts.
environment_value() {
  awk -v name="$1" '
    { line = $0; sub(/^[ \t]+/, "", line) }
    index(line, name "=") == 1 {
      value = substr(line, length(name) + 2)
      sub(/[ \t\r]+$/, "", value)
      first = substr(value, 1, 1)
      if (length(value) > 1 && (first == "\"" || first == "\047") && substr(value, length(value)) == first)
        value = substr(value, 2, length(value) - 2)
    }
    END { printf "%s", value }
  ' "$2"
}

# Before anything is changed: without its key a release can never be proven.
read_key() {
  [[ -n $key_variable ]] || return 0
  [[ -r $environment_file ]] || fail "$environment_file cannot be read. Put $key_variable into it, or leave out key_variable."
  key=$(environment_value "$key_variable" "$environment_file")
  [[ -n $key ]] || fail "$environment_file has no $key_variable. Put it there, or leave out key_variable."
}

look_http() {
  local config=''
  if [[ -n $key ]]; then
    config=${key//\\/\\\\}
    config="header = \"$key_header: ${config//\"/\\\"}\""
  fi
  http=$(
    printf '%s\n' "$config" |
      curl -q --config - --silent --globoff --noproxy '*' --proto '=http,https' \
        --max-time 5 --output /dev/null --write-out '%{http_code}' --url "$health_url" || true
  )
}

# $problem tells what is not up.
look() {
  local field value active='' http=''
  problem='' restarts=''
  while IFS='=' read -r field value; do
    case $field in
      ActiveState) active=$value ;;
      NRestarts) restarts=$value ;;
    esac
  done <<<"$(systemctl show -p ActiveState,SubState,NRestarts -- "$unit" || true)"
  if [[ $active != active ]]; then
    problem="$unit is ${active:-unknown}"
  elif [[ -n $udp_port && -z $(ss -H -u -l -n -p "sport = :$udp_port") ]]; then
    problem="nothing listens on UDP port $udp_port"
  elif [[ -n $health_url ]]; then
    look_http
    [[ " $health_statuses " == *" $http "* ]] || problem="$health_url answers $http"
  fi
}

# Until it is up at two looks with no restart in between; the second may be late.
wait_until_up() {
  local end=$((SECONDS + health_seconds)) seen=none late=''
  while :; do
    look
    if [[ -n $problem ]]; then
      seen=none
    elif [[ $seen == "$restarts" ]]; then
      return 0
    else
      seen=$restarts
      problem="$unit does not stay up"
    fi
    if ((SECONDS >= end)); then
      [[ $seen != none && -z $late ]] || return 1
      late=1
    fi
    sleep 1
  done
}

restart() {
  local said
  said=$(timeout 90 systemctl restart -- "$unit" 2>&1) || {
    problem="$unit cannot be restarted: ${said:0:300}"
    return 1
  }
}

# Before the switch goes on record what to go back to.
switch() {
  printf '%s %s\n' "$release" "$before" >"$state/unfinished.new" || fail 'The switch cannot be put on record.'
  try 'The switch cannot be put on record' mv -Tf -- "$state/unfinished.new" "$state/unfinished"
  try 'The link cannot be made' ln -sfnT -- "releases/$release" "$directory/current.new"
  phase=switched
  try 'The link cannot be switched' mv -Tf -- "$directory/current.new" "$directory/current"
}

link_back() {
  problem='the link cannot be switched back'
  ln -sfnT -- "releases/$before" "$directory/current.new" && mv -Tf -- "$directory/current.new" "$directory/current"
}

# Newest first; a release that failed is the first to go. Whatever has another name is somebody else's.
clean_up() {
  local name kept=0 candidates=()
  rm -rf -- "$releases"/.discarded-*
  while read -r _ name; do
    if [[ $name =~ ^[0-9a-f]{40}$ && $name != "$failed" ]]; then
      candidates+=("$name")
    fi
  done <<<"$(find "$releases" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %f\n' | sort -k 1,1nr -k 2,2)"
  candidates+=(${failed:+"$failed"})
  for name in "${candidates[@]}"; do
    [[ " $* " != *" $name "* ]] || kept=$((kept + 1))
  done
  for name in "${candidates[@]}"; do
    if [[ " $* " == *" $name "* || ! -d $releases/$name ]]; then
      continue
    elif complete "$name" && ((kept < keep)); then
      kept=$((kept + 1))
    else
      discard "$name" || echo "$releases/$name cannot be removed."
    fi
  done
}

list_releases() {
  local stamp name mark count=0
  [[ -d $releases ]] || fail "There is no directory $releases."
  find_live
  while read -r stamp name; do
    [[ $name =~ ^$name_pattern$ ]] || continue
    count=$((count + 1))
    ((count <= 40)) || continue
    mark=' '
    [[ $name != "$live" ]] || mark='*'
    complete "$name" || name+=' (incomplete)'
    printf '%s %(%FT%TZ)T %s\n' "$mark" "${stamp%%.*}" "$name"
  done <<<"$(find "$releases" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %f\n' | sort -k 1,1nr -k 2,2)"
  phase=proven
  result="listed $count releases, newest first: choose one by its name"
}

roll_back() {
  echo "failed: $reason"
  failed=$release
  if [[ -z $before ]]; then
    if rm -f -- "$directory/current" && timeout 90 systemctl stop -- "$unit" && rm -f -- "$state/unfinished"; then
      result="taken out: no release was live before, $unit is stopped"
      return 2
    fi
    result="still broken: no release was live before, and $unit cannot be stopped"
  elif [[ $before == "$release" ]]; then
    result="still broken: $release was live before, there is none to go back to"
  elif link_back && restart && wait_until_up; then
    rm -f -- "$state/unfinished"
    [[ $action == rollback ]] || clean_up "$before"
    result="rolled back to $before"
    return 2
  else
    result="still broken: $problem, on the way back to $before"
  fi
  return 3
}

finish() {
  local code=$1
  trap - EXIT
  set +e
  if [[ $phase == switched ]]; then
    roll_back
    code=$?
  elif [[ $phase == unchanged ]]; then
    result="nothing changed: $reason"
  fi
  [[ -z $extracting ]] || discard "$release"
  [[ -z $locked ]] || rm -f -- "$state/archive" "$state/links"
  echo "$result"
  exit "$code"
}

trap 'finish $?' EXIT
trap 'fail "The script was ended from outside." 143' HUP INT TERM

check_values
releases=$directory/releases
if [[ -z $release ]]; then
  list_releases
  exit 0
fi
take_lock
find_live
read_key
if [[ $action == deploy ]]; then
  bring_release
else
  complete "$release" || fail "$release is not there, or is incomplete. Leave out release to see what is there."
fi
switch
restart || fail "$problem"
wait_until_up || fail "$problem after $health_seconds seconds"
try 'The record of the switch cannot be removed' rm -f -- "$state/unfinished"
phase=proven
if [[ $action == rollback ]]; then
  result="put back $release"
else
  clean_up "$release" "$before" || echo 'Old releases cannot be removed.'
  result="deployed $release"
fi
