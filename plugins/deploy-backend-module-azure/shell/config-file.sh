# shellcheck shell=bash disable=SC2034,SC2154
# One file, and copies of it with a time in their names in $backups.

base=${file##*/}
folder=${file%/*}
if [[ $base == ?*.* ]]; then
  stem=${base%.*} extension=.${base##*.}
else
  stem=$base extension=
fi

# Whether a name in $backups is that of a copy of this file: public.xml.20260207-101500, public.xml.bak-1,
# public-20260207.xml.
ours() {
  local rest
  [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$ && ! -L $backups/$1 && -f $backups/$1 ]] || return 1
  if [[ $1 == "$base"[._-]?* ]]; then
    return 0
  elif [[ -n $extension && $1 == "$stem"[._-]?*"$extension" ]]; then
    rest=${1#"$stem"}
    rest=${rest%"$extension"}
    [[ $rest =~ ^[._-][0-9][0-9TZ:._-]*$ ]]
  else
    return 1
  fi
}

hash_of() {
  sha256sum <"$1" | cut -c 1-64
}

find_live() {
  live='' live_at=0
  if [[ -f $file && ! -L $file ]]; then
    live=$(hash_of "$file")
    live_at=$(stat -c %Y -- "$file")
  fi
}

list_backups() {
  local stamp name
  while read -r stamp name; do
    if ours "$name"; then
      printf '%s %s\n' "$(number "${stamp%%.*}")" "$name"
    fi
  done <<<"$(
    find "$backups" -mindepth 1 -maxdepth 1 -type f ! -name '*[!A-Za-z0-9._:-]*' -printf '%T@ %f\n' |
      sort -k 1,1nr -k 2,2r
  )"
}

# The newest copy with the same content as the live file.
find_copy() {
  local stamp name
  copy=''
  [[ -n $live ]] || return 0
  while read -r stamp name; do
    if [[ -n $name && $(hash_of "$backups/$name") == "$live" ]]; then
      copy=$name
      return 0
    fi
  done <<<"$(list_backups)"
}

where_it_stands() {
  find_live
  printf '"live":"%s","liveAt":%s,' "$live" "$live_at"
  health_members
}

# Puts a file in place whole or not at all, with the owner and the mode that the live one has to have.
replace_with() {
  local new=$folder/.$base.deploy-new reason like=$1
  if [[ -f $file ]]; then
    like=$file
  fi
  reason=$(
    {
      rm -f -- "$new" && cp --no-dereference -- "$1" "$new" &&
        chown -- "${owner:-$(stat -c %u:%g -- "$like")}" "$new" &&
        chmod -- "$(stat -c %a -- "$like")" "$new" && sync -- "$new" && mv -Tf -- "$new" "$file"
    } 2>&1
  ) || {
    rm -f -- "$new"
    fail replace "$reason"
  }
}

# Copies the live file into $backups, once; $copy is its name there.
back_up() {
  local reason
  find_copy
  if [[ -z $live || -n $copy ]]; then
    return 0
  fi
  copy=$base.$(date -u +%Y%m%dT%H%M%SZ)
  while [[ -e $backups/$copy ]]; do
    copy+=-1
  done
  reason=$(
    {
      cp -p --no-dereference -- "$file" "$backups/.$base.deploy-new" && touch -- "$backups/.$base.deploy-new" &&
        sync -- "$backups/.$base.deploy-new" && mv -Tf -- "$backups/.$base.deploy-new" "$backups/$copy"
    } 2>&1
  ) || {
    rm -f -- "$backups/.$base.deploy-new"
    fail backup "$reason"
  }
}

read_again() {
  local said
  [[ $reload == freeswitch-xml ]] || return 0
  if ! was reloaded; then
    said=$(timeout 30 fs_cli -x reloadxml 2>&1) || fail reload "$said"
    [[ $said == *+OK* && $said != *-ERR* ]] || fail reload "$said"
    mark reloaded
  fi
}
