#!/usr/bin/env bash
# Brings an image to an Azure Container App, waits until it works, and goes back to what served before if it does not, or
# if it is told to end. With the argument "back" it takes back what a run left that was ended in the middle: a step of the
# same job. Needs the Azure CLI and Node.js, as GitHub's machines have them.
#
# APP, RESOURCE_GROUP, IMAGE   where to, and what
# CONTAINER                    name of the container, the name of the app unless said otherwise
# MIN_REPLICAS, MAX_REPLICAS   left as they are unless said otherwise
# SETTING_<NAME>               environment variable <NAME>
# SECRET_<NAME>                the same, as a secret of the app; those that differ are put back, too
# VERIFY_URL, ...              see verify-http.sh; the platform's own health alone without it
# COMING, ...                  see refuse-older.sh
# LOOKS, PAUSE_SECONDS         how often the platform is asked (60, within eight minutes), and the time between (5)
set -euo pipefail

shopt -s inherit_errexit
umask 077

verb=${1:-deploy}
: "${APP:?}" "${RESOURCE_GROUP:?}" "${GITHUB_SHA:?}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
app=(--name "$APP" --resource-group "$RESOURCE_GROUP")
container=${CONTAINER:-$APP}
suffix="c${GITHUB_SHA:0:10}-${GITHUB_RUN_ID:-0}-${GITHUB_RUN_ATTEMPT:-1}"
revision=$APP--$suffix
# What was there before stays here until nobody has to go back to it: a step that follows finds it where this one was killed.
private=${RUNNER_TEMP:+$RUNNER_TEMP/container-app-$APP}
trap 'rm -rf -- "$private"' EXIT

fail() {
  echo "::error::$1"
  exit 1
}

ask() {
  az containerapp "$@" --output tsv
}

state_of() {
  ask revision show "${app[@]}" --revision "$1" \
    --query "join(' ', [properties.provisioningState || 'None', properties.healthState || 'None', properties.runningState || 'None'])"
}

# Ends well once the platform says that the revision is up; badly if it says that it will not be, or says nothing else.
await_revision() {
  local attempt state='' end=$((SECONDS + 480))
  for ((attempt = 1; attempt <= ${LOOKS:-60} && SECONDS < end; attempt++)); do
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

# Those of "after" that the app does not have like that; what it has instead goes to "before".
compare_secrets() {
  node - "$private" <<'JAVASCRIPT'
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');

const [folder] = process.argv.slice(2);
const known = new Map(JSON.parse(readFileSync(`${folder}/known`, 'utf8')).map(secret => [secret.name, secret]));
for (const key of readdirSync(`${folder}/after`)) {
  const secret = known.get(key);
  if (secret?.keyVaultUrl) {
    console.error(`::error::The secret ${key} is one of a key vault, and deploy.yaml has a value for it. Remove either.`);
    process.exit(1);
  }
  // The command line leaves out the end of the last line.
  const [is, shall] = [secret?.value ?? '', readFileSync(`${folder}/after/${key}`, 'utf8')].map(text =>
    text.replace(/\n+$/, ''),
  );
  if (is !== shall) {
    console.log(key);
    if (is) {
      writeFileSync(`${folder}/before/${key}`, is);
    }
  }
}
JAVASCRIPT
}

# The command line reads the values from files: arguments can be seen by every process of the machine.
set_secrets() {
  local directory=$1 key secrets=()
  shift
  for key; do
    secrets+=("$key=@$directory/$key")
  done
  if ((${#secrets[@]})); then
    az containerapp secret set "${app[@]}" --secrets "${secrets[@]}" --output none
  fi
}

put_secrets_back() {
  local files=("$private"/before/*)
  if [[ -e ${files[0]} ]] && ! set_secrets "$private/before" "${files[@]##*/}"; then
    echo "::error::The secrets ${files[*]##*/} of $APP are new already, and could not be put back. Set them by hand."
    return 1
  fi
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

# Azure may be busy with what it was told last.
copy_before() {
  local attempt
  for attempt in 1 2 3; do
    if [[ -n $(state_of "$1" 2>/dev/null || true) ]] ||
      az containerapp revision copy "${app[@]}" --from-revision "$before" --revision-suffix "$suffix-back" --output none; then
      return 0
    fi
    echo "Attempt $attempt of 3 to copy $before failed."
    sleep "${PAUSE_SECONDS:-5}"
  done
  return 1
}

go_back() {
  local to=$before
  trap '' HUP INT TERM
  echo "::error::$1"
  # What comes back reads them.
  put_secrets_back || true
  if [[ -z $before ]]; then
    fail "Nothing served before, so there is nothing to go back to."
  fi
  if [[ $mode == Single ]]; then
    # A single revision is replaced by another one: a copy of the one before, with its settings.
    to=$APP--$suffix-back
    copy_before "$to" || to=''
  fi
  if [[ -n $to ]] && await_revision "$to" && serve "$to" && verify; then
    fail "Rolled back: $APP serves $to again."
  fi
  fail "Still broken: going back to $before did not help. See docs/runbooks."
}

# What was on its way when somebody ended the run may still arrive.
take_back() {
  local attempt
  trap '' HUP INT TERM
  for ((attempt = 1; attempt <= 6; attempt++)); do
    if [[ ! -e $private/updating || -n $(state_of "$revision" 2>/dev/null || true) ]]; then
      break
    fi
    sleep "${PAUSE_SECONDS:-5}"
  done
  if ((attempt > 6)) || [[ ! -e $private/updating ]]; then
    echo "::error::The run was ended before there was a revision of it."
    put_secrets_back || exit 1
    fail "$APP is as it was."
  fi
  go_back "The run was ended before $revision was found good."
}

if [[ $verb == back ]]; then
  if [[ -z $private || ! -s $private/served ]]; then
    echo "Nothing of this run is left to be taken back."
    exit
  fi
  { read -r mode && read -r before; } <"$private/served" || true
  take_back
fi

: "${IMAGE:?}"
for name in "${!SECRET_@}"; do
  if [[ -z ${!name} ]]; then
    fail "The secret ${name#SECRET_} is empty: GitHub has none for it. Add it there, or take it out of deploy.yaml. Nothing was changed."
  fi
done
for name in "${!SETTING_@}"; do
  if [[ -z ${!name} ]]; then
    fail "The setting ${name#SETTING_} is empty: GitHub has no variable for it. Add it there, or take it out of deploy.yaml. Nothing was changed."
  fi
done
if [[ -n $private ]]; then
  rm -rf -- "$private"
  mkdir -- "$private"
else
  private=$(mktemp -d)
fi
mkdir -- "$private/after" "$private/before"

# What serves now, by traffic and not by age.
before=$(
  ask revision list "${app[@]}" \
    --query "sort_by([?properties.active && properties.trafficWeight > \`0\`], &properties.trafficWeight)[-1].name"
)
mode=$(ask show "${app[@]}" --query properties.configuration.activeRevisionsMode)
echo "$APP runs ${before:-nothing} in mode $mode."
if [[ -n ${COMING:-} ]]; then
  serving=''
  if [[ -n $before ]]; then
    serving=$(ask revision show "${app[@]}" --revision "$before" \
      --query "join(' ', properties.template.containers[].image)") || serving='it cannot be told'
  fi
  "$here/refuse-older.sh" "$serving"
  unset GITHUB_TOKEN
fi

variables=()
for name in "${!SETTING_@}"; do
  variables+=("${name#SETTING_}=${!name}")
done
for name in "${!SECRET_@}"; do
  variable=${name#SECRET_}
  key=$(tr 'A-Z_' 'a-z-' <<<"$variable")
  printf %s "${!name}" >"$private/after/$key"
  variables+=("$variable=secretref:$key")
done

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

changed=''
if [[ -n $(ls -A "$private/after") ]]; then
  az containerapp secret list "${app[@]}" --show-values --output json >"$private/known" ||
    fail "Azure does not tell the secrets of $APP. Nothing was changed."
  changed=$(compare_secrets) || fail "Nothing was changed."
fi
printf '%s\n' "$mode" "$before" >"$private/served"
trap take_back HUP INT TERM
# shellcheck disable=SC2086 # names of secrets have no spaces
if ! set_secrets "$private/after" $changed; then
  put_secrets_back || exit 1
  fail "Azure did not take the secrets: $APP is as it was."
fi
: >"$private/updating"
if ! az containerapp update "${app[@]}" "${update[@]}" --output none; then
  if [[ -z $(state_of "$revision" 2>/dev/null || true) ]]; then
    put_secrets_back || exit 1
    fail "Azure did not take the update: $APP is as it was."
  fi
  go_back "$IMAGE does not work on $APP."
fi
if ! await_revision "$revision" || ! serve "$revision" || ! verify; then
  go_back "$IMAGE does not work on $APP."
fi
# It is good from here on, and nobody goes back behind it.
trap - HUP INT TERM
rm -f -- "$private/served"
echo "$APP serves $IMAGE as $revision."
if [[ $mode != Single && -n $before && $before != "$revision" ]]; then
  az containerapp revision deactivate "${app[@]}" --revision "$before" --output none
fi
