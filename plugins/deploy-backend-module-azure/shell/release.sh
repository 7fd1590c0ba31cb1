# shellcheck shell=bash disable=SC2034,SC2154
# Releases are directories in $directory/releases; the link $directory/current tells which one serves.

valid() {
  [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$ ]]
}

# absent, incomplete or complete; a pipeline can keep a file .incomplete in it while it extracts.
state_of() {
  local path=$directory/releases/$1
  if ! valid "$1" || [[ -L $path || ! -d $path ]]; then
    printf 'absent'
  elif [[ -e $path/.incomplete || -z $(find "$path" -mindepth 1 -maxdepth 1 -print -quit) ]]; then
    printf 'incomplete'
  else
    printf 'complete'
  fi
}

find_current() {
  local to
  current='' link='absent'
  if [[ -L $directory/current ]]; then
    link='link'
    to=$(readlink -- "$directory/current")
    to=${to%/}
    to=${to#"$directory"/}
    if [[ $to == releases/* ]] && valid "${to#releases/}"; then
      current=${to#releases/}
    fi
  elif [[ -e $directory/current ]]; then
    link='other'
  fi
}

# Newest first, as many as fit into an answer after the first $1.
list_releases() {
  local stamp name row index=0 state
  rows='' more=0
  while read -r stamp name; do
    valid "$name" || continue
    index=$((index + 1))
    ((index > $1)) || continue
    state=$(state_of "$name")
    row="[\"$name\",$(number "${stamp%%.*}"),\"$state\"]"
    if ((${#rows} + ${#row} > 2800)); then
      more=1
      break
    fi
    rows+=${rows:+,}$row
  done <<<"$(
    find "$directory/releases" -mindepth 1 -maxdepth 1 -type d ! -name '*[!A-Za-z0-9._-]*' \
      -printf '%T@ %f\n' | sort -k 1,1nr -k 2,2
  )"
}

where_it_stands() {
  find_current
  printf '"current":"%s","link":"%s",' "$current" "$link"
  health_members
}

switch_to() {
  local reason
  reason=$(
    {
      ln -sfnT -- "releases/$1" "$directory/current.new" &&
        mv -Tf -- "$directory/current.new" "$directory/current"
    } 2>&1
  ) || fail switch "$reason"
}
