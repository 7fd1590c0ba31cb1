#!/usr/bin/env bash
# Brings an image to an Azure Container App, waits until it works, and goes back to what served before if it does not.
#
# APP, RESOURCE_GROUP, IMAGE   where to, and what
# CONTAINER                    name of the container, the name of the app unless said otherwise
# MIN_REPLICAS, MAX_REPLICAS   left as they are unless said otherwise
# SETTING_<NAME>               environment variable <NAME>
# SECRET_<NAME>                the same, as a secret of the app
# VERIFY_URL, ...              see verify-http.sh; the platform's own health alone without it
# LOOKS, PAUSE_SECONDS         how often the platform is asked (60), and the time between (5)
set -euo pipefail

: "${APP:?}" "${RESOURCE_GROUP:?}" "${IMAGE:?}" "${GITHUB_SHA:?}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
app=(--name "$APP" --resource-group "$RESOURCE_GROUP")
container=${CONTAINER:-$APP}
suffix="c${GITHUB_SHA:0:10}-${GITHUB_RUN_ID:-0}-${GITHUB_RUN_ATTEMPT:-1}"
private=$(mktemp -d)
trap 'rm -rf -- "$private"' EXIT

ask() {
  az containerapp "$@" --output tsv
}

# What serves now, by traffic and not by age.
before=$(
  ask revision list "${app[@]}" \
    --query "sort_by([?properties.active && properties.trafficWeight > \`0\`], &properties.trafficWeight)[-1].name"
)
mode=$(ask show "${app[@]}" --query properties.configuration.activeRevisionsMode)
echo "$APP runs ${before:-nothing} in mode $mode."

variables=()
secrets=()
for name in "${!SETTING_@}"; do
  variables+=("${name#SETTING_}=${!name}")
done
for name in "${!SECRET_@}"; do
  variable=${name#SECRET_}
  key=$(tr 'A-Z_' 'a-z-' <<<"$variable")
  # The command line reads the value from the file: arguments can be seen by every process of the machine.
  (umask 077 && printf %s "${!name}" >"$private/$key")
  secrets+=("$key=@$private/$key")
  variables+=("$variable=secretref:$key")
done
if ((${#secrets[@]})); then
  az containerapp secret set "${app[@]}" --secrets "${secrets[@]}" --output none
fi

update=(--container-name "$container" --image "$IMAGE" --revision-suffix "$suffix")
if [[ -n ${MIN_REPLICAS:-} ]]; then
  update+=(--min-replicas "$MIN_REPLICAS")
fi
if [[ -n ${MAX_REPLICAS:-} ]]; then
  update+=(--max-replicas "$MAX_REPLICAS")
fi
if ((${#variables[@]})); then
  update+=(--set-env-vars "${variables[@]}")
fi

state_of() {
  ask revision show "${app[@]}" --revision "$1" \
    --query "join(' ', [properties.provisioningState || 'None', properties.healthState || 'None', properties.runningState || 'None'])"
}

# Ends well once the platform says that the revision is up; badly if it says that it will not be, or says nothing else.
await_revision() {
  local attempt state=''
  for ((attempt = 1; attempt <= ${LOOKS:-60}; attempt++)); do
    state=$(state_of "$1" || true)
    case $state in
      'Provisioned Healthy '* | 'Provisioned '*' Running'*) return 0 ;;
      *Failed* | *Degraded*) break ;;
    esac
    sleep "${PAUSE_SECONDS:-5}"
  done
  echo "::error::The revision $1 does not become healthy: ${state:-not found}."
  return 1
}

serve() {
  if [[ $mode != Single ]]; then
    az containerapp revision activate "${app[@]}" --revision "$1" --output none &&
      az containerapp ingress traffic set "${app[@]}" --revision-weight "$1=100" --output none
  fi
}

verify() {
  if [[ -n ${VERIFY_URL:-} ]]; then
    "$here/verify-http.sh"
  fi
}

go_back() {
  local to=$before
  echo "::error::$IMAGE does not work on $APP."
  if [[ -z $before ]]; then
    echo "::error::Nothing served before, so there is nothing to go back to."
    exit 1
  fi
  if [[ $mode == Single ]]; then
    # A single revision is replaced by another one: a copy of the one before, with its settings.
    az containerapp revision copy "${app[@]}" --from-revision "$before" --revision-suffix "$suffix-back" --output none
    to=$APP--$suffix-back
  fi
  if await_revision "$to" && serve "$to" && verify; then
    echo "::error::Rolled back: $APP serves $to again."
  else
    echo "::error::Still broken: going back to $before did not help. See docs/runbooks."
  fi
  exit 1
}

revision=$APP--$suffix
if ! az containerapp update "${app[@]}" "${update[@]}" --output none; then
  if [[ -z $(state_of "$revision" 2>/dev/null || true) ]]; then
    echo "::error::Azure did not take the update: $APP is as it was."
    exit 1
  fi
  go_back
fi
if ! await_revision "$revision" || ! serve "$revision" || ! verify; then
  go_back
fi
echo "$APP serves $IMAGE as $revision."
if [[ $mode != Single && -n $before && $before != "$revision" ]]; then
  az containerapp revision deactivate "${app[@]}" --revision "$before" --output none
fi
