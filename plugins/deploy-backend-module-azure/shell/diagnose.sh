# shellcheck shell=bash disable=SC2154
# What a person would look at first. Values of the environment file are blacked out before they leave.
black_out() {
  if [[ -z $environment_file || ! -r $environment_file ]]; then
    cat
    return
  fi
  awk '
    NR == FNR {
      at = index($0, "=")
      value = substr($0, at + 1)
      gsub(/^[ \t"\047]+|[ \t\r"\047]+$/, "", value)
      if (at > 1 && $0 !~ /^[ \t]*#/ && length(value) >= 6) values[++count] = value
      next
    }
    {
      line = $0
      for (i = 1; i <= count; i++)
        while ((at = index(line, values[i])) > 0)
          line = substr(line, 1, at - 1) "***" substr(line, at + length(values[i]))
      print line
    }
  ' "$environment_file" -
}

# The end of a text, packed, within so many characters; says with `cut` if there was more.
pack() {
  local text all size packed
  text=$(black_out | tail -c 16000)
  all=${#text}
  for size in 16000 8000 4000 2000 1000 500; do
    packed=$(printf '%s' "${text: -$((size < all ? size : all))}" | gzip -9nc | base64 -w 0)
    if ((${#packed} <= $2)); then
      printf '"%s":{"text":"%s","cut":%s}' "$1" "$packed" "$((all > size || all >= 16000))"
      return
    fi
  done
  printf '"%s":{"text":"","cut":1}' "$1"
}

look
parts=$(health_members)
if [[ -n $unit ]]; then
  parts+=,$(timeout 10 systemctl status --no-pager --lines=0 -- "$unit" 2>&1 | pack status 600)
  parts+=,$(timeout 20 journalctl --no-pager --output=short-iso --lines=100 --unit="$unit" 2>&1 | pack journal 1700)
fi
if [[ -n $udp_port ]]; then
  parts+=,$(ss -u -l -n -p "sport = :$udp_port" 2>&1 | pack sockets 300)
fi
if [[ -n $directory ]]; then
  parts+=,$(readlink -- "$directory/current" 2>&1 | pack link 150)
fi
if [[ $reload == freeswitch-xml ]]; then
  parts+=,$(timeout 10 fs_cli -x status 2>&1 | pack freeswitchStatus 600)
fi
parts+=,$(df -P -- / "${directory:-${file%/*}}" 2>&1 | pack disk 350)
answer "$parts"
