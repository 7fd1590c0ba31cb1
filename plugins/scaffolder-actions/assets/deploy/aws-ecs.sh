#!/usr/bin/env bash
# Brings an image to a service of ECS, or with the argument "rollback" an earlier task definition, or with "back" what
# served before; waits until it works, and goes back to what served before if it does not, or if a deployment is told to
# end. With "cancelled" it takes back what a deployment left that was ended in the middle: a step of the same job. Needs
# the AWS CLI and Node.js, as GitHub's machines have them.
#
# CLUSTER, SERVICE, FAMILY   where to; the family of the service's task definitions
# CONTAINER                  the one of them that runs the image
# IMAGE                      what, for a deployment
# COMMIT                     whose image that is: a tag of its task definition
# STRATEGY                   "blue-green" for a service whose traffic ECS shifts, rolling unless said otherwise
# TASK_REVISION              which one, for a rollback; without it the last ten are listed
# STABLE_ATTEMPTS            how often ECS is asked whether it is stable, every five seconds; 240 unless said otherwise,
#                            and for twenty minutes at most
# VERIFY_URL, ...            see verify-http.sh; ECS's own word alone without it
# WATCH_MINUTES, ...         see watch-http.sh; how long it is watched after that, and still taken back
# COMING, ...                see refuse-older.sh
set -euo pipefail
shopt -s inherit_errexit

: "${CLUSTER:?}" "${SERVICE:?}" "${FAMILY:?}" "${CONTAINER:?}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
serving=${1:-image}
private=$(mktemp -d)
trap 'rm -rf -- "$private"' EXIT
# What came and what served before, for a step that follows where this one is killed.
begun=${RUNNER_TEMP:-$private}/aws-ecs-$SERVICE
# A tag of task definitions, from the start until one was found good: whatever becomes of the run, ECS keeps it.
unverified=deploy-unverified
# How "describe" begins where something can be gone back to.
good=$'ACTIVE\tNone\t'

fail() {
  echo "::error::$1"
  exit 1
}

if [[ ! $CONTAINER =~ ^[A-Za-z0-9_-]+$ ]]; then
  fail "CONTAINER is not the name of one."
fi

# "None" is how the command line writes that there is nothing.
ask() {
  local query=$1 answer
  shift
  answer=$(aws ecs "$@" --query "$query" --output text)
  if [[ $answer != None ]]; then
    echo "$answer"
  fi
}

ask_service() {
  ask "$1" describe-services --cluster "$CLUSTER" --services "$SERVICE"
}

# An image that is named by its digest does not tell its commit: then the tag of its task definition does.
commit_of() {
  ask "[tags[?key=='commit'] | [0].value, taskDefinition.containerDefinitions[?name=='$CONTAINER'] | [0].image]" \
    describe-task-definition --task-definition "$1" --include TAGS
}

# Whether it can still be used, whether it has the mark of what no run found good yet, and its image.
describe() {
  ask "[taskDefinition.status, tags[?key=='$unverified'] | [0].value, taskDefinition.containerDefinitions[?name=='$CONTAINER'] | [0].image]" \
    describe-task-definition --task-definition "$1" --include TAGS
}

# The task definitions that became stable here, newest first.
stable_definitions() {
  local revision revisions count=0
  revisions=$(
    ask 'serviceDeployments[].targetServiceRevisionArn' \
      list-service-deployments --cluster "$CLUSTER" --service "$SERVICE" --status SUCCESSFUL
  )
  for revision in $revisions; do
    if ((++count > 10)); then
      break
    fi
    ask 'serviceRevisions[0].taskDefinition' describe-service-revisions --service-revision-arns "$revision"
  done
}

# By ECS's own record, and not by age: the newest task definition that became stable here and is not what comes now. A
# run that was killed may leave one that is stable and answers, and that nobody verified: its mark tells.
served_before() {
  local definition definitions described
  definitions=$(stable_definitions)
  # ECS forgets after three months; then it is what runs.
  for definition in ${definitions:-$current}; do
    described=$(describe "$definition")
    if [[ $definition != "$target" && $described == "$good"* ]]; then
      echo "$definition"
      return
    fi
  done
}

# Ends well once ECS says that the deployment is complete; badly if it says that it failed or another one took its
# place, or if it says neither in time.
await_stable() {
  local attempt definition='' state='' reason='' end=$((SECONDS + 1200))
  for ((attempt = 1; attempt <= ${STABLE_ATTEMPTS:-240} && SECONDS < end; attempt++)); do
    IFS=$'\t' read -r definition state reason < <(
      ask_service "services[0].deployments[?status=='PRIMARY'] | [0].[taskDefinition, rolloutState, rolloutStateReason]"
    ) || true
    if [[ $definition == "$1" && $state == COMPLETED ]]; then
      return 0
    fi
    # For a moment ECS may still tell of the one before.
    if [[ $definition == "$1" && $state == FAILED ]] ||
      [[ -n $definition && $definition != "$1" ]] && ((attempt > 3)); then
      break
    fi
    sleep 5
  done
  echo "::error::$SERVICE does not become stable with ${1##*/}: ECS tells of ${definition##*/} ${state:-nothing} $reason"
  return 1
}

serve() {
  aws ecs update-service --cluster "$CLUSTER" --service "$SERVICE" --task-definition "$1" --output text >"$private/answer"
}

verify() {
  if [[ -n ${VERIFY_URL:-} ]]; then
    "$here/verify-http.sh"
  fi
}

watch() {
  if [[ -n ${VERIFY_URL:-} && -n ${WATCH_MINUTES:-} ]]; then
    "$here/watch-http.sh"
  fi
}

# shellcheck source=aws-ecs-shift.sh
source "$here/aws-ecs-shift.sh"

await() {
  if [[ $strategy == blue-green ]]; then
    await_shift "$1"
  else
    await_stable "$1"
  fi
}

# What runs already needs no deployment, where ECS has just shifted the traffic back to it.
return_to() {
  if [[ $strategy == blue-green ]]; then
    taken_back=false
    settle || return 1
    if [[ $(ask_service 'services[0].taskDefinition') == "$1" ]]; then
      return 0
    fi
  fi
  serve "$1" && await "$1"
}

go_back() {
  trap '' HUP INT TERM
  echo "::error::${1:-${target##*/} does not work on $SERVICE.}"
  if [[ -z $before ]]; then
    fail "Nothing else is known to have served before, so there is nothing to go back to."
  fi
  if return_to "$before" && verify; then
    forget
    fail "Rolled back: $SERVICE serves ${before##*/} again."
  fi
  fail "Still broken: going back to ${before##*/} did not help. See docs/runbooks."
}

ended() {
  go_back "The run was ended before ${target##*/} was found good."
}

# A rollback that is cancelled goes on: what it leaves is not to be come back to.
remember() {
  if [[ $serving == image ]]; then
    printf '%s\n' "$target" "$before" >"$begun"
    trap ended HUP INT TERM
  fi
}

forget() {
  rm -f -- "$begun"
}

# From now on it can be come back to.
take_the_mark_off() {
  local attempt
  for attempt in 1 2 3; do
    if aws ecs untag-resource --resource-arn "$target" --tag-keys "$unverified" --output text >"$private/answer"; then
      return 0
    fi
    echo "Attempt $attempt of 3 to note that ${target##*/} is good failed."
    sleep 5
  done
  return 1
}

bring() {
  local now noted=yes
  remember
  echo "$SERVICE runs ${current##*/}${before:+; before ${target##*/} served ${before##*/}}."
  if ! serve "$target"; then
    # The answer may be lost, and not the change.
    now=$(ask_service 'services[0].taskDefinition') || now=''
    if [[ -z $now ]]; then
      go_back "ECS does not say whether it took ${target##*/}."
    elif [[ $now != "$target" ]]; then
      forget
      fail "ECS did not take ${target##*/}: $SERVICE runs ${now##*/}."
    fi
    echo "ECS took ${target##*/}, although its answer did not come."
  fi
  if ! await "$target" || ! verify || ! watch; then
    go_back
  fi
  # What is gone back to has none.
  [[ $serving != image ]] || take_the_mark_off || noted=no
  trap - HUP INT TERM
  forget
  if [[ $noted == no ]]; then
    fail "$SERVICE serves ${target##*/}, but this could not be noted: no deployment would go back to it. Start this again; if it may not, its role needs ecs:UntagResource (permissions.json)."
  fi
  echo "$SERVICE serves ${target##*/}."
}

# What to go back to from what runs: the one before it with another image. What was gone back from is not gone back to:
# of 4, 5 and then 4 again, the way from 4 leads to what was there before the first 4.
served_earlier() {
  local definition definitions described index oldest=-1
  local -a stable
  definitions=$(stable_definitions)
  read -r -d '' -a stable <<<"$definitions" || true
  for index in "${!stable[@]}"; do
    if [[ ${stable[index]} == "$current" ]]; then
      oldest=$index
    fi
  done
  # A way back that was interrupted, or that the same run has gone already, is gone to its end.
  if ((oldest > 0)) && [[ -n $before && (${stable[0]} != "$current" || ${GITHUB_RUN_ATTEMPT:-1} != 1) ]]; then
    echo "$current"
    return
  fi
  for definition in "${stable[@]:oldest+1}"; do
    described=$(describe "$definition")
    if [[ $described == "$good"* && $described != *$'\t'"$IMAGE" ]]; then
      echo "$definition"
      return
    fi
  done
}

# The task definition that the service has, with another image. Its settings stay in files: arguments can be seen by
# every process of the machine.
register() (
  umask 077
  aws ecs describe-task-definition --task-definition "$current" --query taskDefinition --output json >"$private/current.json"
  UNVERIFIED=$unverified node - "$private/current.json" "$private/next.json" >&2 <<'JAVASCRIPT'
const { readFileSync, writeFileSync } = require('node:fs');

const [from, to] = process.argv.slice(2);
const { CONTAINER, IMAGE, COMMIT, UNVERIFIED } = process.env;
const definition = JSON.parse(readFileSync(from, 'utf8'));
const container = definition.containerDefinitions.find(({ name }) => name === CONTAINER);
if (!container) {
  console.error(`::error::The task definition has no container ${CONTAINER}. Nothing was changed.`);
  process.exit(1);
}
container.image = IMAGE;
// What ECS adds by itself.
for (const key of ['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities', 'registeredAt',
  'registeredBy', 'deregisteredAt', 'deleteRequestedAt']) {
  delete definition[key];
}
definition.tags = [{ key: UNVERIFIED, value: 'true' }];
// An image that is named by its digest does not tell it.
if (COMMIT) {
  definition.tags.push({ key: 'commit', value: COMMIT });
}
writeFileSync(to, JSON.stringify(definition));
JAVASCRIPT
  ask taskDefinition.taskDefinitionArn register-task-definition --cli-input-json "file://$private/next.json"
)

list_revisions() {
  local definition definitions described mark
  definitions=$(
    ask 'taskDefinitionArns[]' list-task-definitions \
      --family-prefix "$FAMILY" --status ACTIVE --sort DESC --max-results 10
  )
  for definition in $definitions; do
    described=$(describe "$definition")
    mark=''
    if [[ $described != "$good"* ]]; then
      mark=' (never found good)'
    fi
    echo "${definition##*:}: ${described##*$'\t'}$mark"
  done
}

# The task definition of a revision that somebody names.
chosen() {
  local arn family status
  if [[ ! $TASK_REVISION =~ ^[1-9][0-9]{0,8}$ ]]; then
    fail "A revision is a number, such as 6. Nothing was changed." >&2
  fi
  IFS=$'\t' read -r arn family status < <(
    ask 'taskDefinition.[taskDefinitionArn, family, status]' \
      describe-task-definition --task-definition "$FAMILY:$TASK_REVISION"
  ) || fail "There is no revision $TASK_REVISION of $FAMILY. Nothing was changed." >&2
  if [[ $family != "$FAMILY" || $status != ACTIVE ]]; then
    fail "The revision $TASK_REVISION of $FAMILY cannot be used any more. Nothing was changed." >&2
  fi
  if [[ $(describe "$arn") != "$good"* ]]; then
    fail "The revision $TASK_REVISION of $FAMILY was never found good. Deploy its commit instead. Nothing was changed." >&2
  fi
  echo "$arn"
}

if [[ $serving == cancelled && ! -s $begun ]]; then
  echo "Nothing of this run is left to be taken back."
  exit
fi

current=$(ask_service "services[?status=='ACTIVE'] | [0].taskDefinition")
if [[ -z $current ]]; then
  fail "There is no service $SERVICE in $CLUSTER. It has to be there first, with a task definition; nothing was changed."
fi
family=${current##*/}
if [[ ${family%:*} != "$FAMILY" ]]; then
  fail "The service $SERVICE runs ${current##*/}, which is not of the family $FAMILY. Nothing was changed."
fi

strategy=${STRATEGY:-rolling}
bake_minutes=0
taken_back=false
if [[ $strategy == blue-green ]]; then
  IFS=$'\t' read -r configured bake_minutes < <(
    ask_service 'services[0].deploymentConfiguration.[strategy, bakeTimeInMinutes]'
  ) || true
  if [[ ${configured:-} != BLUE_GREEN || ! $bake_minutes =~ ^[0-9]+$ ]]; then
    fail "The service $SERVICE is not set to blue/green deployments. Nothing was changed."
  fi
  # A run that was killed may have left one. If that was on its way back, it goes on.
  if [[ $serving != back ]] || ! is_on_its_way_back; then
    settle || fail "Nothing else was changed."
  fi
  current=$(ask_service "services[?status=='ACTIVE'] | [0].taskDefinition")
fi

case $serving in
  image)
    : "${IMAGE:?}"
    if [[ -n ${COMING:-} ]]; then
      "$here/refuse-older.sh" "$(commit_of "$current" || echo 'it cannot be told')"
      unset GITHUB_TOKEN
    fi
    target=$(register)
    before=$(served_before)
    bring
    ;;
  back)
    described=$(describe "$current")
    before=''
    if [[ $described == "$good"* ]]; then
      before=$current
    fi
    if [[ $taken_back == true && -n $before ]]; then
      verify || fail "Still broken: what ECS took back to does not work. See docs/runbooks."
      echo "$SERVICE serves ${current##*/}."
      exit 0
    fi
    IMAGE=${described##*$'\t'}
    target=$(served_earlier)
    if [[ -z $target ]]; then
      fail "Nothing else is known to have served before ${current##*/}. Nothing was changed."
    fi
    bring
    ;;
  cancelled)
    { read -r target && read -r before; } <"$begun"
    ended
    ;;
  rollback)
    if [[ -z ${TASK_REVISION:-} ]]; then
      echo "The last revisions of $FAMILY; $SERVICE runs ${current##*:}:"
      list_revisions
      fail "No revision was named, so nothing was changed. Start it again with one of those above."
    fi
    target=$(chosen)
    before=$(served_before)
    bring
    ;;
  *) fail "There is nothing that could be done called $serving." ;;
esac
