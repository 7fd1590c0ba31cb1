# shellcheck shell=bash disable=SC2034,SC2154
# Whether the service is up, as the machine itself sees it.

word() {
  [[ $1 =~ ^[A-Za-z0-9_-]{0,40}$ ]] && printf '%s' "$1"
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

# The key goes to curl by its standard input: arguments can be seen by every process of the machine.
look_http() {
  local key='' config=''
  if [[ -n $key_variable ]]; then
    key=$(environment_value "$key_variable" "$environment_file")
    if [[ -z $key ]]; then
      http=no-key
      return
    fi
    key=${key//\\/\\\\}
    config="header = \"$key_header: ${key//\"/\\\"}\""
  fi
  http=$(
    printf '%s\n' "$config" |
      curl -q --config - --silent --globoff --noproxy '*' --proto '=http,https' \
        --max-time 5 --output /dev/null --write-out '%{http_code}' --url "$health_url"
  )
  http=$(word "$http")
}

look() {
  local key value
  active='' sub='' restarts='' port='' http='' freeswitch=''
  if [[ -n $unit ]]; then
    while IFS='=' read -r key value; do
      case $key in
        ActiveState) active=$(word "$value") ;;
        SubState) sub=$(word "$value") ;;
        NRestarts) restarts=$(number "$value") ;;
      esac
    done <<<"$(systemctl show -p ActiveState,SubState,NRestarts -- "$unit")"
  fi
  if [[ -n $udp_port ]]; then
    port=0
    if [[ -n $(ss -H -u -l -n -p "sport = :$udp_port") ]]; then
      port=1
    fi
  fi
  if [[ -n $health_url ]]; then
    look_http
  fi
  if [[ $reload == freeswitch-xml ]]; then
    freeswitch=0
    if [[ $(timeout 10 fs_cli -x status | head -n 1) == UP* ]]; then
      freeswitch=1
    fi
  fi
}

ready() {
  [[ -z $unit || $active == active ]] && [[ -z $udp_port || $port == 1 ]] &&
    [[ -z $health_url || $http == 200 ]] && [[ $reload != freeswitch-xml || $freeswitch == 1 ]]
}

# Until it is up at two looks with no restart in between, for so many seconds at most.
await_ready() {
  local end=$((SECONDS + $1)) before=none
  while :; do
    look
    if ready; then
      [[ $before != "$restarts" ]] || return 0
      before=$restarts
    else
      before=none
    fi
    ((SECONDS < end)) || return 0
    sleep 1
  done
}

health_members() {
  printf '"active":"%s","sub":"%s","restarts":"%s","port":"%s","http":"%s","freeswitch":"%s"' \
    "$active" "$sub" "$restarts" "$port" "$http" "$freeswitch"
}

restart_unit() {
  local reason
  if ! was restarted; then
    reason=$(timeout 90 systemctl restart -- "$unit" 2>&1) || fail restart "$reason"
    mark restarted
  fi
}
