#!/usr/bin/env bash
# Runs on the runner, where Azure CLI is logged in: sends a script to a virtual machine as a managed run command, and
# ends as the script ended there.
#
#   resource_group, vm    the machine
#   script                file that is to run there
#   parameters            names of variables that it gets from this environment, with spaces between them
#   protected_parameters  the same for secrets
#   turn_seconds          how long to wait while something else works on the machine (900); exit 75 after that
#   limit_seconds         how long the script may take (1800); Azure ends it after that
#   grace_seconds         how much later Azure may tell of its end (120)
#   pause_seconds         between two looks (10)
#
# A protected value is in no argument: it stands in a file of its own, and Azure CLI puts it in the place of `@file`
# (azure-cli-core, azure/cli/core/commands/__init__.py, _expand_file_prefixed_files: `name=@file` as well). The machine
# gets it encrypted, and the script finds each parameter in its environment (Azure/run-command-handler-linux,
# internal/exec/exec.go, SetEnvironmentVariables), empty ones left out.
set -euo pipefail

resource_group=${resource_group:-} vm=${vm:-} script=${script:-} parameters=${parameters:-}
protected_parameters=${protected_parameters:-} turn_seconds=${turn_seconds:-900}
limit_seconds=${limit_seconds:-1800} grace_seconds=${grace_seconds:-120} pause_seconds=${pause_seconds:-10}

# What a run ended with whose script found another one at work.
NOT_ITS_TURN=75

die() {
  echo "$1" >&2
  exit "${2:-1}"
}

# Says which variable is wrong and what to do, never its value.
check() {
  [[ ${!1} =~ ^($2)$ ]] || die "$1 is missing or malformed. Set it to $3." 64
}

check resource_group '[A-Za-z0-9_(][A-Za-z0-9._()-]{0,89}' 'the name of a resource group'
check vm '[A-Za-z0-9][A-Za-z0-9._-]{0,63}' 'the name of a virtual machine'
check parameters '([a-z][a-z0-9_]*( [a-z][a-z0-9_]*)*)?' 'names of variables with spaces between them'
check protected_parameters '([a-z][a-z0-9_]*( [a-z][a-z0-9_]*)*)?' 'names of variables with spaces between them'
check turn_seconds '[0-9]{1,4}' 'a number of seconds'
check limit_seconds '[1-9][0-9]{0,3}' 'a number of seconds'
check grace_seconds '[0-9]{1,4}' 'a number of seconds'
check pause_seconds '[0-9]{1,2}' 'a number of seconds'
check script '[A-Za-z0-9._/][A-Za-z0-9._/@+-]*' 'the path of a script'
[[ -f $script ]] || die "script: there is no file $script. Set it to the path of a script." 64

umask 077
work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/vm-run.XXXXXX")
trap 'rm -rf -- "$work"' EXIT

# Azure CLI takes what begins with @ for a file, and a line of its own for nothing that we would send.
plain=()
for name in $parameters; do
  value=${!name:-}
  [[ -n $value ]] || continue
  [[ $value != @* && $value != *[[:cntrl:]]* && ${#value} -le 8192 ]] ||
    die "$name begins with @, is too long or has control characters in it. Set it to plain text." 64
  plain+=("$name=$value")
done
secret=()
for name in $protected_parameters; do
  value=${!name:-}
  [[ -n $value ]] || die "$name is missing, and protected_parameters names it. Set it, or leave it out there." 64
  # One variable of a process holds no more than 128 KiB.
  ((${#value} <= 120000)) || die "$name is too long: no more than 120,000 characters reach the script." 64
  printf '%s' "$value" >"$work/$name"
  secret+=("$name=@$work/$name")
  # Nor is it in the environment of what is started from here on.
  export -n "${name?}"
done
unset value

# The same for every run of a service: what a runner left behind that died is found again.
subject=$(printf '%s' "${directory:-}:${path:-}" | sha256sum)
file=${script##*/}
run=deploy-${file%.sh}-${subject:0:12}
target=(--resource-group "$resource_group" --vm-name "$vm" --run-command-name "$run")

# A value of the run; a network that fails for a while changes nothing for the script. Exit 3: there is no such run.
ask() {
  local tries code
  for ((tries = 1; ; tries++)); do
    code=0
    az vm run-command show "${target[@]}" --instance-view --query "$1" --output tsv 2>"$work/error" || code=$?
    if ((code == 0 || code == 3)); then
      return "$code"
    fi
    ((tries < 6)) || die "Azure does not tell how the script is doing: $(tail -c 500 "$work/error")"
    sleep "$pause_seconds"
  done
}

# Waits for the run to end; exit 3 if there is none, 4 if it does not end in time. $state is `provisioning/execution`.
await_end() {
  local end=$((SECONDS + $1)) code
  while :; do
    code=0
    state=$(ask "join('/', [not_null(provisioningState, ''), not_null(instanceView.executionState, '')])") || code=$?
    ((code == 0)) || return "$code"
    case $state in
      */Succeeded | */Failed | */TimedOut | */Canceled | Failed/* | Canceled/*) return 0 ;;
    esac
    ((SECONDS < end)) || return 4
    sleep "$pause_seconds"
  done
}

remove() {
  az vm run-command delete "${target[@]}" --yes --output none "$@" 2>"$work/error" ||
    echo "The run command $run could not be removed: $(tail -c 300 "$work/error")" >&2
}

# Sends the script; exit 75 if something else works on the machine.
send() {
  local location options=()
  location=$(az vm show --resource-group "$resource_group" --name "$vm" --query location --output tsv 2>"$work/error") ||
    die "Azure does not tell where $vm is: $(tail -c 500 "$work/error")"
  ((${#plain[@]} == 0)) || options+=(--parameters "${plain[@]}")
  ((${#secret[@]} == 0)) || options+=(--protected-parameters "${secret[@]}")
  az vm run-command create "${target[@]}" --location "$location" --script "@$script" \
    --timeout-in-seconds "$limit_seconds" --no-wait --output none "${options[@]}" 2>"$work/error" && return 0
  ! grep -q -E 'Conflict|AnotherOperationInProgress' "$work/error" || return "$NOT_ITS_TURN"
  die "Azure does not run the script: $(tail -c 1000 "$work/error")"
}

# What the script printed is no command to the runner.
print_output() {
  local token=output-$RANDOM$RANDOM$RANDOM error
  output=$(ask instanceView.output)
  error=$(ask instanceView.error)
  [[ ${GITHUB_ACTIONS:-} != true ]] || echo "::stop-commands::$token"
  printf '%s\n' "$output" ${error:+"$error"}
  [[ ${GITHUB_ACTIONS:-} != true ]] || echo "::$token::"
}

# Runs the script once, and tells its exit code.
run_once() {
  local code=0
  ended=''
  # One that a runner left behind: ending it in the middle would be worse than waiting for it.
  await_end "$turn_left" || code=$?
  case $code in
    0) remove ;;
    3) ;;
    4) return "$NOT_ITS_TURN" ;;
    *) exit 1 ;;
  esac
  send || return
  code=0
  await_end "$((limit_seconds + grace_seconds))" || code=$?
  if ((code == 4)); then
    die "The script did not end within $limit_seconds seconds. It may still run: look at $run of $vm."
  elif ((code == 3)); then
    die "The run command $run was removed by somebody before it ended."
  elif ((code != 0)); then
    exit 1
  fi
  ended=1
  print_output
  code=$(ask instanceView.exitCode)
  if [[ $state != */Succeeded || ! $code =~ ^[0-9]+$ ]]; then
    echo "Azure says $state: $(ask instanceView.executionMessage)"
    [[ $code =~ ^[1-9][0-9]*$ ]] || code=1
  fi
  return "$code"
}

trap 'die "Cancelled. The script goes on where it is: look at $run of $vm." 130' HUP INT TERM

turn_end=$((SECONDS + turn_seconds))
while :; do
  turn_left=$((turn_end - SECONDS))
  code=0
  run_once || code=$?
  if ((code != NOT_ITS_TURN || SECONDS >= turn_end)); then
    break
  fi
  echo "Something else works on $vm: waiting for its turn."
  sleep "$pause_seconds"
done
# Not one that still runs: that would end it.
if [[ -n $ended ]]; then
  remove --no-wait
  if [[ -n ${GITHUB_OUTPUT:-} ]]; then
    echo "result=${output##*$'\n'}" >>"$GITHUB_OUTPUT"
  fi
fi
((code != NOT_ITS_TURN)) || echo "It was not its turn within $turn_seconds seconds: run it again later." >&2
exit "$code"
