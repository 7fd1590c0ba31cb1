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
begun=${RUNNER_TEMP:+$RUNNER_TEMP/aws-ecs-$SERVICE}

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

image_of() {
  ask "taskDefinition.containerDefinitions[?name=='$CONTAINER'] | [0].image" \
    describe-task-definition --task-definition "$1"
}

# An image that is named by its digest does not tell its commit: then the tag of its task definition does.
commit_of() {
  ask "[tags[?key=='commit'] | [0].value, taskDefinition.containerDefinitions[?name=='$CONTAINER'] | [0].image]" \
    describe-task-definition --task-definition "$1" --include TAGS
}

# By ECS's own record, and not by age: the newest task definition that became stable here and is not what comes now. A
# run that was killed leaves one that nobody verified; if it has the same image, it is passed over unless it runs, stable,
# and works: a deployment of what serves already goes back to just that.
served_before() {
  local revision revisions definition described count=0
  revisions=$(
    ask 'serviceDeployments[].targetServiceRevisionArn' \
      list-service-deployments --cluster "$CLUSTER" --service "$SERVICE" --status SUCCESSFUL
  )
  for revision in $revisions; do
    if ((++count > 10)); then
      break
    fi
    definition=$(
      ask 'serviceRevisions[0].taskDefinition' describe-service-revisions --service-revision-arns "$revision"
    )
    if [[ -z $definition || $definition == "$target" ]]; then
      continue
    fi
    described=$(
      ask "taskDefinition.[status, containerDefinitions[?name=='$CONTAINER'] | [0].image]" \
        describe-task-definition --task-definition "$definition"
    )
    if [[ $described != ACTIVE$'\t'* ]]; then
      continue
    fi
    if [[ $serving == rollback || $described != *$'\t'"$IMAGE" ]] ||
      { ((count == 1)) && [[ $definition == "$current" ]] && verify >&2; }; then
      echo "$definition"
      return
    fi
  done
  # ECS forgets after three months; then it is what runs.
  if [[ $count == 0 && $current != "$target" ]]; then
    echo "$current"
  fi
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
    if [[ -n $begun ]]; then
      printf '%s\n' "$target" "$before" >"$begun"
    fi
    trap ended HUP INT TERM
  fi
}

forget() {
  if [[ -n $begun ]]; then
    rm -f -- "$begun"
  fi
}

bring() {
  remember
  echo "$SERVICE runs ${current##*/}; before ${target##*/} served ${before##*/}."
  if ! serve "$target"; then
    forget
    fail "ECS did not take ${target##*/}: $SERVICE is as it was."
  fi
  if ! await "$target" || ! verify || ! watch; then
    go_back
  fi
  trap - HUP INT TERM
  forget
  echo "$SERVICE serves ${target##*/}."
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

# What to go back to from what runs: the one before it with another image. What was gone back from is not gone back to:
# of 4, 5 and then 4 again, the way from 4 leads to what was there before the first 4.
served_earlier() {
  local definition described index oldest=-1
  local -a stable
  mapfile -t stable < <(stable_definitions)
  for index in "${!stable[@]}"; do
    if [[ ${stable[index]} == "$current" ]]; then
      oldest=$index
    fi
  done
  # A way back that was interrupted, or that the same run has gone already, is gone to its end.
  if ((oldest > 0)) && [[ ${stable[0]} != "$current" || ${GITHUB_RUN_ATTEMPT:-1} != 1 ]]; then
    echo "$current"
    return
  fi
  for definition in "${stable[@]:oldest+1}"; do
    described=$(
      ask "taskDefinition.[status, containerDefinitions[?name=='$CONTAINER'] | [0].image]" \
        describe-task-definition --task-definition "$definition"
    )
    if [[ $described == ACTIVE$'\t'* && $described != *$'\t'"$IMAGE" ]]; then
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
  node - "$private/current.json" "$private/next.json" >&2 <<'JAVASCRIPT'
const { readFileSync, writeFileSync } = require('node:fs');

const [from, to] = process.argv.slice(2);
const { CONTAINER, IMAGE } = process.env;
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
// An image that is named by its digest does not tell it.
if (process.env.COMMIT) {
  definition.tags = [{ key: 'commit', value: process.env.COMMIT }];
}
writeFileSync(to, JSON.stringify(definition));
JAVASCRIPT
  ask taskDefinition.taskDefinitionArn register-task-definition --cli-input-json "file://$private/next.json"
)

list_revisions() {
  local definition definitions
  definitions=$(
    ask 'taskDefinitionArns[]' list-task-definitions \
      --family-prefix "$FAMILY" --status ACTIVE --sort DESC --max-results 10
  )
  for definition in $definitions; do
    echo "${definition##*:}: $(image_of "$definition")"
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
  echo "$arn"
}

if [[ $serving == cancelled && (-z $begun || ! -s $begun) ]]; then
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
    if [[ $taken_back == true ]]; then
      verify || fail "Still broken: what ECS took back to does not work. See docs/runbooks."
      echo "$SERVICE serves ${current##*/}."
      exit 0
    fi
    IMAGE=$(image_of "$current")
    target=$(served_earlier)
    if [[ -z $target ]]; then
      fail "Nothing else is known to have served before ${current##*/}. Nothing was changed."
    fi
    before=$current
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
