#!/usr/bin/env bash
# Runs on the machine where docker compose is, sent there by compose-ssh.sh: has the project in a directory run a release
# that somebody has still to verify, and then keeps it or goes back to what ran before.
#
#   compose-host.sh deploy|keep|back <run>
#
# It lies in `.deploy/next-<run>` of that directory, beside what came with it:
#   files/       compose and environment files; none to leave those that are there
#   images       NAME='image', a line each, which take the place of those lines in .env
#   parameters   name=value: release, compose_files (with spaces between them), registry and registry_user if images
#                take a login (its password comes by standard input), health_seconds
#
# `.deploy/before` is there as long as a release is neither kept nor taken back, whatever happened to those who brought
# it. It holds the files that were there before the first of them: the next one that fails goes back to those.
#
# Ends with 0 if it did what it was told, 3 if no container was touched, 4 if nothing ran before, 5 if another run has
# begun meanwhile, and otherwise if it failed.
set -euo pipefail
shopt -s inherit_errexit
umask 077

NOTHING_CHANGED=3 NOTHING_BEFORE=4 NOT_OURS=5

verb=${1:-} run=${2:-}
next=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
state=${next%/*}
before=$state/before

die() {
  echo "$1"
  exit "${2:-1}"
}

[[ $run =~ ^[0-9]+-[0-9]+$ && $next == */.deploy/next-"$run" ]] || die 'This is not where the run has put it.' 64
cd -- "${state%/*}"

release='' compose_files='' registry='' registry_user='' health_seconds=''
while IFS='=' read -r name value; do
  case $name in
    release | compose_files | registry | registry_user | health_seconds) printf -v "$name" %s "$value" ;;
    *) die "There is no parameter $name." 64 ;;
  esac
done <"$next/parameters"
[[ $health_seconds =~ ^[1-9][0-9]{0,3}$ ]] || die 'health_seconds is not a number of seconds.' 64

# One at a time: whoever comes second finds everything as the first one left it.
exec 9>"$state/lock"
flock --wait 600 9 || die 'Another deployment has held this directory for ten minutes.'

private=$next/private
rm -rf -- "$private"
mkdir -- "$private"
trap 'rm -rf -- "$private"' EXIT

# The project is what these files describe, with spaces between their names.
use() {
  local file
  files=()
  compose_files=$1
  for file in $compose_files; do
    files+=(--file "$file")
  done
}

compose() {
  docker compose "${files[@]}" "$@" 9>&-
}

print_file() {
  if [[ -e $1 ]]; then
    cat -- "$1"
  fi
}

# Files below a directory, by their names there.
names_in() {
  if [[ -d $1 ]]; then
    find "$1" -type f -printf '%P\n' | sort
  fi
}

# Its file is there as a whole or not at all.
place() {
  local directory
  directory=$(dirname -- "$2")
  mkdir -p -- "$directory"
  cp -p -- "$1" "$state/placing"
  mv -f -T -- "$state/placing" "$2"
}

# What an .env says of the images that came, in one line.
images_in() {
  local line said=''
  while IFS= read -r line; do
    said+=" $(print_file "$1" | grep --max-count=1 -- "^${line%%=*}=" || true)"
  done <"$next/images"
  echo "${said# }"
}

# Takes down what is there now, unless an unfinished deployment did so.
remember() {
  local name made=$state/before.new
  if [[ -d $before ]]; then
    echo 'The deployment before was neither kept nor taken back: this one goes back to what ran before that.'
  else
    rm -rf -- "$made"
    mkdir -p -- "$made/files"
    if [[ -e $state/compose-files ]]; then
      cp -- "$state/compose-files" "$made/compose-files"
    else
      for name in $compose_files; do
        if [[ -e $name ]]; then
          printf '%s ' "$name"
        fi
      done >"$made/compose-files"
    fi
    {
      echo .env
      tr -s ' ' '\n' <"$made/compose-files"
      print_file "$state/names"
      names_in "$next/files"
    } | sort -u >"$made/names"
    while IFS= read -r name; do
      if [[ -n $name && -e $name ]]; then
        mkdir -p -- "$(dirname -- "$made/files/$name")"
        cp -p -- "$name" "$made/files/$name"
      fi
    done <"$made/names"
    mv -T -- "$made" "$before"
  fi
  { echo .env && names_in "$next/files"; } >>"$before/came"
  echo "$run" >"$before/owner"
}

# Puts what came in place, and the images into .env.
switch_files() {
  local line base=.env
  if [[ -e $next/files/.env ]]; then
    base=$next/files/.env
  fi
  {
    print_file "$base" | while IFS= read -r line || [[ -n $line ]]; do
      if [[ ! $line =~ ^([A-Za-z_][A-Za-z0-9_]*)= ]] || ! grep --quiet -- "^${BASH_REMATCH[1]}=" "$next/images"; then
        printf '%s\n' "$line"
      fi
    done
    cat -- "$next/images"
  } >"$private/env"
  while IFS= read -r line; do
    if [[ -n $line && $line != .env ]]; then
      place "$next/files/$line" "$line"
    fi
  done < <(names_in "$next/files")
  place "$private/env" .env
}

# The password is in no argument, and in no file of the user's.
log_in() {
  mkdir -- "$private/docker"
  if [[ -d $HOME/.docker/cli-plugins ]]; then
    ln -s -- "$HOME/.docker/cli-plugins" "$private/docker/cli-plugins"
  fi
  export DOCKER_CONFIG=$private/docker
  docker login --username "$registry_user" --password-stdin "$registry" >"$private/login" 2>&1 ||
    die "The registry $registry did not take the login: $(tail -n 1 "$private/login")"
}

# Fetches what is not there, and nothing anew: whatever runs can run again. Nothing was touched yet, so it ends after ten
# minutes rather than take the time that the way back may need.
fetch_images() {
  local image images end=$((SECONDS + 600))
  images=$(compose config --images)
  for image in $images; do
    if ! docker image inspect --format '{{.Id}}' "$image" >"$private/image" 2>&1; then
      timeout --foreground "$((SECONDS < end ? end - SECONDS : 1))" docker pull --quiet "$image" 9>&- ||
        die "The image $image could not be fetched."
    fi
  done
}

# Waits until every container runs and says that it is well, or has done what it had to do. What a profile leaves out does
# not count.
await_health() {
  local end=$1 services id ids name status health code once open
  mapfile -t services < <(compose config --services)
  while :; do
    open=''
    ids=$(compose ps --all --quiet "${services[@]}") || ids=''
    [[ -n $ids ]] || open='there is no container'
    for id in $ids; do
      read -r name status health code once < <(
        docker inspect --format "{{.Name}} {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} \
{{.State.ExitCode}} {{index .Config.Labels \"com.docker.compose.oneoff\"}}" "$id"
      ) || true
      case $once/$status/$health/$code in
        # Somebody ran a command in one of its own.
        True/*) ;;
        */running/none/* | */running/healthy/* | */exited/*/0) ;;
        */exited/*) die "${name#/} ended with $code. Its log on the machine says why." ;;
        *) open+="${open:+, }${name#/} is ${status:-gone}${health:+ ($health)}" ;;
      esac
    done
    [[ -n $open ]] || return 0
    ((SECONDS < end)) || die "Not healthy within $health_seconds seconds: $open."
    sleep 2
  done
}

# Runs all containers anew, of the images that are here.
start() {
  local end=$((SECONDS + health_seconds))
  timeout --foreground "$health_seconds" docker compose "${files[@]}" up --detach --force-recreate --remove-orphans \
    --no-build --pull never 9>&- || die 'The containers could not be started.'
  await_health "$end"
}

deploy() {
  find "$state" -mindepth 1 -maxdepth 1 -name 'next-*' ! -path "$next" -mmin +120 -exec rm -rf -- {} +
  remember
  if [[ -z $(names_in "$next/files") && -s $before/compose-files ]]; then
    use "$(<"$before/compose-files")"
  else
    use "$compose_files"
  fi
  echo "$compose_files" >"$before/coming"
  echo "Before $release: $(images_in "$before/files/.env")"
  switch_files
  if [[ -n $registry ]]; then
    log_in
  fi
  fetch_images
  : >"$before/touched"
  compose stop --timeout 30
  start
  echo "$release runs: $(images_in .env)"
}

check_owner() {
  [[ $(print_file "$before/owner") == "$run" ]] ||
    die 'Another deployment has begun here meanwhile: this one leaves everything to it.' "$NOT_OURS"
}

keep() {
  if [[ ! -d $before ]]; then
    return
  fi
  check_owner
  sort -u "$before/came" <(print_file "$state/names") >"$private/names"
  place "$private/names" "$state/names"
  place "$before/coming" "$state/compose-files"
  forget
}

forget() {
  rm -rf -- "$state/before.old"
  mv -T -- "$before" "$state/before.old"
  rm -rf -- "$state/before.old"
}

restore_files() {
  local name
  while IFS= read -r name; do
    if [[ ! -e $before/files/$name ]]; then
      rm -f -- "$name"
    fi
  done <"$before/came"
  while IFS= read -r name; do
    place "$before/files/$name" "$name"
  done < <(names_in "$before/files")
}

back() {
  [[ -d $before ]] || die 'Nothing was changed.' "$NOTHING_CHANGED"
  check_owner
  use "$(<"$before/compose-files")"
  if [[ ! -e $before/touched ]]; then
    restore_files
    forget
    die 'No container was touched.' "$NOTHING_CHANGED"
  fi
  ((${#files[@]} > 0)) || die 'Nothing ran here before.' "$NOTHING_BEFORE"
  restore_files
  start
  forget
  echo "What ran before runs again: $(images_in .env)"
}

case $verb in
  deploy | keep | back) "$verb" ;;
  *) die "There is no $verb." 64 ;;
esac
