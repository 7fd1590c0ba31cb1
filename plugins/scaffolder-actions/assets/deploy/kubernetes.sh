#!/usr/bin/env bash
# Brings an image to a Deployment of Kubernetes, or with the argument "rollback" the release that served before the one of
# now; waits until it works, and goes back to what was there if it does not. With "cancelled" it takes back what a
# deployment left that was ended in the middle: a step of the same job. Needs kubectl and Node.js.
#
# NAMESPACE, DEPLOYMENT   where to
# CONTAINER               the one that runs the image, the first one unless said otherwise
# IMAGE                   what, for a deployment
# COMMIT                  whose image that is, which the Deployment tells
# CLUSTER                 of Amazon EKS, reached by the AWS CLI; or KUBECONFIG_CONTENT, or else what kubectl knows by itself
# MANIFESTS               files and directories, a line each: what belongs to the Deployment there is applied
# SECRETS                 <name>=<id at AWS Secrets Manager>, a line each: a JSON object of texts becomes the Secret
# CANARY_PERCENT, ...     see kubernetes-canary.sh; all at once without it
# LOOKS, TROUBLED_LOOKS   how often a rollout is looked at (150, within a quarter of an hour), and how often in a row with
#                         a trouble (12)
# PAUSE_SECONDS           time between two looks, 5 seconds unless said otherwise
# VERIFY_URL, ...         see verify-http.sh; Kubernetes' own word alone without it
# COMING, ...             see refuse-older.sh
set -euo pipefail
shopt -s inherit_errexit

: "${NAMESPACE:?}" "${DEPLOYMENT:?}"
export DEPLOYMENT
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
serving=${1:-image}
private=$(mktemp -d)
begun=''
# There from the first change of a deployment until it was found good, or is gone back from.
under_way=${RUNNER_TEMP:-$private}/kubernetes-$NAMESPACE-$DEPLOYMENT
trap 'leave $?' EXIT
umask 077

leave() {
  rm -rf -- "$private"
  if [[ $1 != 0 && -z $begun ]]; then
    echo "::error::Nothing was changed on $DEPLOYMENT."
  fi
}

fail() {
  echo "::error::$1"
  exit 1
}

kube() {
  kubectl --namespace "$NAMESPACE" "$@"
}

objects() {
  "$here/kubernetes-objects.sh" "$@"
}

# What is asked of the cluster on the way back may be refused once.
again() {
  local attempt
  for attempt in 1 2 3; do
    if "$@"; then
      return 0
    fi
    echo "Attempt $attempt of 3 to ${1//_/ } failed."
    sleep "${PAUSE_SECONDS:-5}"
  done
  return 1
}

log_in() {
  local name
  # What GitHub does not have comes as an empty text.
  for name in KUBECONFIG_CONTENT METRIC_TOKEN; do
    if [[ -n ${!name+set} && -z ${!name} && ($name == METRIC_TOKEN || -z ${CLUSTER:-}) ]]; then
      fail "$name is empty: GitHub has no secret for it. Add it there, or take it out of deploy.yaml."
    fi
  done
  if [[ -n ${KUBECONFIG_CONTENT:-} ]]; then
    printf '%s\n' "$KUBECONFIG_CONTENT" >"$private/kubeconfig"
    export KUBECONFIG="$private/kubeconfig"
  elif [[ -n ${CLUSTER:-} ]]; then
    aws eks update-kubeconfig --name "$CLUSTER" --kubeconfig "$private/kubeconfig" >"$private/answer"
    export KUBECONFIG="$private/kubeconfig"
  fi
}

# Reads what there is now.
look() {
  local facts
  kube get deployment "$DEPLOYMENT" --ignore-not-found --output json >"$private/live.json" || return 1
  if [[ ! -s $private/live.json ]]; then
    image='' current='' served='' complete='' paused=''
    return 0
  fi
  kube get replicasets --output json >"$private/sets.json" &&
    facts=$(objects facts "$private/live.json" "$private/sets.json") || return 1
  { read -r image && read -r current && read -r served &&
    read -r complete && read -r paused && read -r selector; } <<<"$facts"
}

# Notes at the ReplicaSet of now whether it served: the controller copies what it says at the Deployment.
note() {
  local attempt
  kube annotate deployment "$DEPLOYMENT" --overwrite "deploy.vvp.io/served=$1" >"$private/answer" || return 1
  for ((attempt = 1; attempt <= 20; attempt++)); do
    if look && [[ $served == "$1" ]]; then
      return 0
    fi
    sleep 1
  done
  echo "The controller of Deployments does not answer."
  return 1
}

note_that_it_serves() {
  look && note "$current"
}

# What is kept for a Secret never becomes an argument.
fetch_secrets() {
  local line number=0
  while IFS= read -r line; do
    if [[ -n $line ]]; then
      aws secretsmanager get-secret-value --secret-id "${line#*=}" --query SecretString --output text >"$private/value"
      objects secret "${line%%=*}" "$private/value" "$private/secret-$((++number)).json"
    fi
  done <<<"${SECRETS:-}"
  rm -f -- "$private/value"
}

read_manifests() {
  local path files=()
  while IFS= read -r path; do
    if [[ -n $path ]]; then
      files+=(--filename "$path")
    fi
  done <<<"${MANIFESTS:-}"
  if ((${#files[@]})); then
    kube create --dry-run=client --output json --recursive "${files[@]}" >"$private/manifests.json"
    objects sort "$private/manifests.json" "$private"
  fi
}

# Without the annotation that "kubectl apply" would leave: it holds all of it once more, and not more than 256 KiB.
apply_on_server() {
  kube apply --server-side --force-conflicts --field-manager deploy-pipeline --filename "$1"
}

# A record in the cluster outlives a run that was killed: it says what was there before.
write_record() {
  local own='' existing=$private/existing.json
  : >"$existing"
  if [[ $serving == image && -f $private/own.json ]]; then
    own=$private/own.json
    kube get --filename "$own" --ignore-not-found --output json >"$existing"
  fi
  cat "$private/live.json" >>"$existing"
  objects record "$own" "$existing" "$private/record.json" "$current" "$@"
  apply_on_server "$private/record.json" >"$private/answer"
}

read_record() {
  local said
  kube get configmap "$DEPLOYMENT-deploying" --ignore-not-found --output json >"$private/record.json"
  recorded='' wanted='' images=''
  if [[ -s $private/record.json ]]; then
    said=$(objects recorded "$private/record.json")
    { read -r recorded && read -r wanted && read -r images; } <<<"$said"
  fi
}

# It counts as long as what was there before is there still, or what came and was never found good.
counts() {
  [[ -n $recorded && $current == "$recorded" ]] ||
    [[ -n $images && " $images " == *" $image "* && ($served != "$current" || -z $current) ]]
}

remove_record() {
  kube delete configmap "$DEPLOYMENT-deploying" --ignore-not-found
}

remove_canary() {
  kube delete deployment "$DEPLOYMENT-canary" --ignore-not-found
}

apply_what_belongs_to_it() {
  local file
  for file in "$private"/secret-*.json; do
    if [[ -f $file ]]; then
      apply_on_server "$file" || return 1
    fi
  done
  if [[ -f $private/own.json ]]; then
    kube apply --filename "$private/own.json"
  fi
}

# Ends well once all pods are of the release and available; badly if something keeps them from it, or it takes too long.
await_rollout() {
  local attempt troubled=0 said='' state='' reason='nothing could be read' end=$((SECONDS + 900))
  for ((attempt = 1; attempt <= ${LOOKS:-150} && SECONDS < end; attempt++)); do
    if kube get deployment "$1" --output json >"$private/rolling.json" &&
      kube get pods --selector "$2" --output json >"$private/pods.json" &&
      said=$(objects rollout "$private/rolling.json" "$private/pods.json"); then
      { read -r state && read -r reason; } <<<"$said"
      if [[ $state == complete ]]; then
        return 0
      fi
      if [[ $state != trouble ]]; then
        troubled=0
      elif ((++troubled >= ${TROUBLED_LOOKS:-12})); then
        break
      fi
    fi
    sleep "${PAUSE_SECONDS:-5}"
  done
  echo "::error::The pods of $1 do not come up: $reason"
  return 1
}

verify() {
  if [[ -n ${VERIFY_URL:-} ]]; then
    "$here/verify-http.sh"
  fi
}

# Beside what serves; that is left as it is until the canary was found good.
try_canary() {
  local from=$private/live.json replicas pods
  if [[ -z ${CANARY_PERCENT:-} || -z $current ]]; then
    return 0
  fi
  if [[ -f $private/next.json ]]; then
    from=$private/next.json
  fi
  remove_canary &&
    objects canary "$from" "$private/live.json" "$private/canary.json" &&
    kube apply --filename "$private/canary.json" &&
    replicas=$(objects replicas "$private/canary.json") &&
    pods=$(objects selector "$private/canary.json") &&
    echo "Of $DEPLOYMENT-canary $replicas pods are to have at least $CANARY_PERCENT % of the traffic." &&
    await_rollout "$DEPLOYMENT-canary" "$pods" &&
    CANARY_REPLICAS=$replicas CANARY_SELECTOR=$pods "$here/kubernetes-canary.sh"
}

put_image() {
  if [[ -f $private/next.json ]]; then
    kube apply --filename "$private/next.json" && selector=$(objects selector "$private/next.json")
  else
    objects patch "$private/live.json" "$private/patch.json" &&
      kube patch deployment "$DEPLOYMENT" --type strategic --patch-file "$private/patch.json"
  fi
}

bring_image() {
  apply_what_belongs_to_it && try_canary && put_image && await_rollout "$DEPLOYMENT" "$selector" && verify
}

put_back() {
  kube get deployment "$DEPLOYMENT" --output json >"$private/live.json" &&
    objects before "$private/record.json" "$private/live.json" "$private/before.json" "$private/created.json" &&
    kube replace --filename "$private/before.json" || return 1
  if [[ -f $private/created.json ]]; then
    kube delete --filename "$private/created.json" --ignore-not-found
  fi
}

go_back() {
  if [[ -z $recorded ]]; then
    fail "Nothing served before on $DEPLOYMENT, so there is nothing to go back to."
  fi
  if again remove_canary && again put_back && await_rollout "$DEPLOYMENT" "$selector" && verify; then
    rm -f -- "$under_way"
    again remove_record || true
    return 0
  fi
  fail "Still broken: going back to $recorded on $DEPLOYMENT did not help. See docs/runbooks."
}

give_up() {
  echo "::error::$1"
  go_back
  fail "Rolled back: $DEPLOYMENT runs $recorded again."
}

# The last of it may fail without any harm to what serves.
finish() {
  rm -f -- "$under_way"
  if again note_that_it_serves && again remove_canary && again remove_record; then
    echo "$DEPLOYMENT runs $1."
  else
    fail "$DEPLOYMENT runs $1, but this could not be noted in the cluster. Start it again."
  fi
}

deploy() {
  : "${IMAGE:?}"
  if [[ ! $IMAGE =~ ^[a-z0-9][a-zA-Z0-9._/:@-]+$ ]]; then
    fail "IMAGE is not the name of one."
  fi
  if [[ ! ${CANARY_PERCENT:-10} =~ ^[1-9][0-9]?$ ]]; then
    fail "The share of a canary is a number from 1 to 99."
  fi
  export IMAGE
  read_manifests
  fetch_secrets
  look
  if [[ ! -s $private/live.json && ! -f $private/next.json ]]; then
    fail "There is no Deployment $DEPLOYMENT in $NAMESPACE, nor in the manifests."
  fi
  if [[ $paused == yes ]]; then
    fail "$DEPLOYMENT is paused: a rollout is under way that somebody stopped."
  fi
  "$here/refuse-older.sh" "$image"
  unset GITHUB_TOKEN
  # What is everybody's, such as the namespace, stays whatever happens.
  if [[ -f $private/shared.json ]]; then
    kube apply --filename "$private/shared.json"
  fi
  read_record
  if counts; then
    echo "An earlier run did not come to its end: what was there before it still counts."
    objects amend "$private/record.json" "$IMAGE"
    apply_on_server "$private/record.json" >"$private/answer"
  else
    if [[ -n $current && $complete == yes && $served != "$current" ]]; then
      note "$current"
    fi
    write_record "$IMAGE"
    recorded=$current
  fi
  begun=yes
  : >"$under_way"
  echo "$DEPLOYMENT runs ${current:-nothing}${image:+ with $image}."
  if ! bring_image; then
    give_up "$IMAGE does not work on $DEPLOYMENT."
  fi
  finish "$IMAGE"
}

# What was begun and never found good is taken back; else what served before comes in again, in place of what is there.
roll_back() {
  local revision
  look
  if [[ ! -s $private/live.json ]]; then
    fail "There is no Deployment $DEPLOYMENT in $NAMESPACE."
  fi
  read_record
  if [[ -n $wanted && ($current == "$wanted" || $current == "$recorded") ]]; then
    echo "An earlier rollback did not come to its end."
  elif counts; then
    begun=yes
    go_back
    echo "$DEPLOYMENT runs $recorded again: a release that was never found good is taken back."
    return
  else
    wanted=$(objects served "$private/live.json" "$private/sets.json")
    if [[ -z $wanted ]]; then
      fail "Nothing else is known to have served before on $DEPLOYMENT."
    fi
    write_record "$image" "$wanted"
    recorded=$current
  fi
  begun=yes
  revision=$(objects revision "$private/live.json" "$private/sets.json" "$wanted")
  if ! put_in "$revision"; then
    give_up "$wanted does not work on $DEPLOYMENT."
  fi
  finish "$wanted"
}

# By the record, which a run that was killed leaves: unless somebody brought in something else since.
take_back() {
  begun=yes
  look
  read_record
  if ! counts; then
    rm -f -- "$under_way"
    echo "What $DEPLOYMENT runs is not of this run, and is left alone."
    return
  fi
  give_up "The run was ended before $image was found good."
}

put_in() {
  if [[ $paused == yes ]]; then
    kube rollout resume "deployment/$DEPLOYMENT" || return 1
  fi
  if [[ $current != "$wanted" ]]; then
    # What is left now is not to be come back to.
    note no || return 1
  fi
  kube rollout undo "deployment/$DEPLOYMENT" --to-revision "$1" && await_rollout "$DEPLOYMENT" "$selector" && verify
}

if [[ $serving == cancelled && ! -e $under_way ]]; then
  echo "Nothing of this run is left to be taken back."
  exit
fi
log_in
case $serving in
  image) deploy ;;
  cancelled) take_back ;;
  rollback) roll_back ;;
  *) fail "Either nothing, rollback or cancelled is asked for, not $serving." ;;
esac
