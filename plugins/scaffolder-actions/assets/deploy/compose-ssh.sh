#!/usr/bin/env bash
# Runs on the runner: brings a release to a machine with docker compose by SSH, sees that it works there, and goes back
# to the images that ran before if it does not.
#
#   compose-ssh.sh deploy   files and images
#   compose-ssh.sh images   images alone: the files stay as they are there
#   compose-ssh.sh back     what a run that was cancelled began
#
# HOST, SSH_USER, SSH_KEY, KNOWN_HOSTS  the machine, and who it is known to be; nobody else is talked to
# DIRECTORY           of the project there, absolute or from the user's home
# COMPOSE_FILES       in their order, with spaces between them, from here
# ENVIRONMENT_FILES   names of those to be written, with spaces between them; the values of the first one are in
#                     ENV_0_<NAME>, of the second one in ENV_1_<NAME>
# IMAGES              NAME=image, with spaces between them: what .env gets besides
# RELEASE             what to call it; RELEASE_IS=commit if it has to be a whole commit
# REGISTRY, REGISTRY_USER, REGISTRY_TOKEN  login to fetch images; left out where it takes none
# HEALTH_SECONDS      how long containers may take until they are well; 120 unless said otherwise
# VERIFY_URL, ...     see verify-http.sh; the word of docker alone without it
# COMING, ...         see refuse-older.sh
#
# No secret is an argument of a command, here or there: they go by files that nobody else can read, and by standard input.
set -euo pipefail
shopt -s inherit_errexit
umask 077

verb=${1:-}
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
HEALTH_SECONDS=${HEALTH_SECONDS:-120}
run=${GITHUB_RUN_ID:-0}-${GITHUB_RUN_ATTEMPT:-0}

# Answers of compose-host.sh.
NOTHING_CHANGED=3 NOTHING_BEFORE=4 NOT_OURS=5

die() {
  echo "::error::$1" >&2
  exit "${2:-1}"
}

# Says which variable is wrong and what to do, never its value.
check() {
  [[ ${!1:-} =~ ^($2)$ ]] || die "$1 is missing or malformed. Set it to $3." 64
}

file='[A-Za-z0-9._][A-Za-z0-9._@-]*(/[A-Za-z0-9._][A-Za-z0-9._@-]*)*'
check verb 'deploy|images|back' 'deploy, images or back'
check HOST '[A-Za-z0-9][A-Za-z0-9.:-]{0,252}' 'the name or address of the machine'
check SSH_USER '[A-Za-z_][A-Za-z0-9_.-]{0,63}' 'the name of a user there'
check DIRECTORY "/?$file" 'the path of a directory'
check COMPOSE_FILES "$file( $file)*" 'names of files with spaces between them'
check HEALTH_SECONDS '[1-9][0-9]{0,3}' 'a number of seconds'
check run '[0-9]{1,20}-[0-9]{1,10}' 'the run and its attempt'
[[ " ${COMPOSE_FILES//\// } ${DIRECTORY//\// } " != *' .. '* ]] || die 'A path leads out of its directory.' 64
[[ ${SSH_KEY:-} == *PRIVATE\ KEY* ]] || die 'SSH_KEY is missing or no private key. Set it to one without a passphrase.' 64
[[ ${KNOWN_HOSTS:-} == *[![:space:]]* ]] ||
  die 'KNOWN_HOSTS is missing. Set it to the lines that ssh-keyscan prints for the machine, once they are compared.' 64

work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/compose.XXXXXX")
came=''

finish() {
  local code=$?
  trap - EXIT
  # What a run that is cancelled began, it can still take back.
  if [[ -n $came && $code != 130 ]]; then
    remote "rm -rf -- $there" || echo "$there could not be removed."
  fi
  rm -rf -- "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' HUP INT TERM

printf '%s\n' "${SSH_KEY//$'\r'/}" >"$work/key"
printf '%s\n' "${KNOWN_HOSTS//$'\r'/}" >"$work/known_hosts"
printf '%s' "${REGISTRY_TOKEN:-}" >"$work/token"
cat >"$work/config" <<CONFIG
Host server
  HostName $HOST
  User $SSH_USER
  IdentityFile $work/key
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile $work/known_hosts
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  BatchMode yes
  ConnectTimeout 15
  ConnectionAttempts 3
  ServerAliveInterval 15
  ServerAliveCountMax 8
  LogLevel ERROR
CONFIG
# What is started from here on does not have them.
unset SSH_KEY KNOWN_HOSTS REGISTRY_TOKEN

there=$DIRECTORY/.deploy/next-$run

remote() {
  ssh -F "$work/config" -T server "$1"
}

# With a network that comes and goes; what it asks for can be asked for twice.
insist() {
  local tries code
  for ((tries = 1; ; tries++)); do
    code=0
    remote "$1" </dev/null || code=$?
    if ((code != 255 || tries == 3)); then
      return "$code"
    fi
    sleep 10
  done
}

# A value as every version of docker compose reads it. What GitHub does not have comes as an empty one.
quoted() {
  [[ -n $2 ]] ||
    die "$1 is empty: GitHub has no secret or variable for it. Add it there, or take it out of deploy.yaml. Nothing was changed." 64
  [[ $2 != *\'* && $2 != *\\ && $2 != *[$'\001'-$'\010'$'\013'-$'\037'$'\177']* ]] ||
    die "$1 has an apostrophe, a control character or a backslash at its end, which an environment file cannot hold. Choose another value." 64
  printf "%s='%s'\n" "$1" "$2"
}

# The files as they will lie there.
write_files() {
  local name variable index=0
  mkdir -p -- "$work/next/files"
  for name in $COMPOSE_FILES; do
    [[ -f $name ]] || die "There is no $name. Correct COMPOSE_FILES." 64
    mkdir -p -- "$(dirname -- "$work/next/files/$name")"
    cp -- "$name" "$work/next/files/$name"
  done
  : >"$work/next/files/.env"
  for name in ${ENVIRONMENT_FILES:-}; do
    [[ $name =~ ^($file)$ && /$name/ != */../* ]] || die 'ENVIRONMENT_FILES has a name in it that is not plain.' 64
    mkdir -p -- "$(dirname -- "$work/next/files/$name")"
    for variable in $(compgen -e "ENV_${index}_" || true); do
      quoted "${variable#"ENV_${index}_"}" "${!variable}"
    done >"$work/next/files/$name"
    index=$((index + 1))
  done
}

write_images() {
  local assignment
  for assignment in ${IMAGES:-}; do
    [[ $assignment =~ ^[A-Za-z_][A-Za-z0-9_]*=[a-z0-9][A-Za-z0-9./:@_-]*$ ]] ||
      die 'IMAGES has something in it that is no variable with an image.' 64
    printf "%s='%s'\n" "${assignment%%=*}" "${assignment#*=}"
  done
}

# Everything that the machine is to have, and the script that works with it there.
send() {
  [[ ${RELEASE:-} =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]] || die 'RELEASE is not a commit or tag.' 64
  [[ ${RELEASE_IS:-} != commit || $RELEASE =~ ^[0-9a-f]{40}$ ]] ||
    die 'RELEASE is not a whole commit. Give all 40 digits.' 64
  [[ ${REGISTRY:-} =~ ^[A-Za-z0-9.:-]*$ && ${REGISTRY_USER:-} =~ ^[][A-Za-z0-9_.@+-]*$ ]] ||
    die 'REGISTRY or REGISTRY_USER is malformed.' 64
  mkdir -p -- "$work/next"
  if [[ $verb == deploy ]]; then
    write_files
  fi
  write_images >"$work/next/images"
  [[ -s $work/next/images ]] || die 'IMAGES is missing.' 64
  cat >"$work/next/parameters" <<PARAMETERS
release=$RELEASE
compose_files=$COMPOSE_FILES
registry=${REGISTRY:-}
registry_user=${REGISTRY_USER:-}
health_seconds=$HEALTH_SECONDS
PARAMETERS
  cp -- "$here/compose-host.sh" "$work/next/compose-host.sh"
  insist "umask 077 && mkdir -p -- $DIRECTORY/.deploy && rm -rf -- $there" || die 'The machine cannot be worked on. Nothing was changed.'
  came=1
  scp -F "$work/config" -q -r -p "$work/next" "server:$there" || die 'The files did not arrive. Nothing was changed.'
}

# What is in the place of the images that come. Other lines may hold secrets: they stay where they are.
running() {
  local names
  names=$(tr ' ' '\n' <<<"${IMAGES:-}" | grep -o '^[A-Za-z_][A-Za-z0-9_]*' | paste -s -d '|')
  insist "if [ -e $DIRECTORY/.env ]; then grep -E '^($names)=' $DIRECTORY/.env || true; fi" | tr -d "'\"" | sed 's/^[^=]*=//'
}

verify() {
  if [[ -n ${VERIFY_URL:-} ]]; then
    "$here/verify-http.sh"
  fi
}

# Ends the run, after what ran before runs again or cannot.
go_back() {
  local code=0
  insist "bash $there/compose-host.sh back $run" || code=$?
  case $code in
    0) ;;
    "$NOTHING_CHANGED") die 'Not deployed: what ran before still runs.' ;;
    "$NOTHING_BEFORE") die 'Still broken: nothing ran before, so there is nothing to go back to.' ;;
    "$NOT_OURS") die 'Not deployed: another deployment has taken over.' ;;
    *) die 'Still broken: going back did not help. See docs/runbooks.' ;;
  esac
  verify || die 'Still broken: what ran before does not answer. See docs/runbooks.'
  die 'Rolled back: what ran before runs again.'
}

if [[ $verb == back ]]; then
  code=0
  insist "test -e $there/compose-host.sh" || code=$?
  if ((code == 1)); then
    echo 'Nothing of this run is left to be taken back.'
    exit
  fi
  ((code == 0)) || die 'The machine cannot be worked on.'
  came=1
  go_back
fi

if [[ $verb == deploy && -n ${COMING:-} ]]; then
  "$here/refuse-older.sh" "$(running || echo 'it cannot be told')"
  unset GITHUB_TOKEN
fi
send
if ! remote "bash $there/compose-host.sh deploy $run" <"$work/token" || ! verify; then
  echo "::error::${RELEASE} does not work."
  go_back
fi
# Nobody goes back behind it from here on.
if ! insist "bash $there/compose-host.sh keep $run"; then
  echo "::error::${RELEASE} works, and the machine does not take note of it."
  go_back
fi
echo "$RELEASE serves."
