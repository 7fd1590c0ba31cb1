#!/usr/bin/env bash
# Refuses a commit that is older than what runs: its tests took longer than those of a newer one, or somebody ran its jobs
# again. The scripts that deploy ask this right before they change anything, in a job that no other one is beside.
#
#   refuse-older.sh <what runs>   images or commits, with spaces between them, whatever else is among them
#
# COMING         the commit that is to come; without it, as by hand, nothing is asked
# FORCED         "true" if somebody started the run for just this: then it is said, and not refused; not for jobs that are
#                run again
# WAY_BACK       how to go back on purpose
# GITHUB_TOKEN   may read the repository
#
# A service has to remain deployable, so only what GitHub's own comparison calls older is refused. It is let pass, and said,
# if what runs tells no commit, if GitHub does not know that commit any more, has no history in common or gives no answer,
# and if neither comes before the other: another branch, or one that was written anew.
#
# Puts out "refused", so that nobody is called for it.
set -euo pipefail
shopt -s inherit_errexit

if [[ -z ${COMING:-} ]]; then
  exit
fi
: "${GITHUB_TOKEN:?}" "${GITHUB_API_URL:?}" "${GITHUB_REPOSITORY:?}"
if [[ ! $COMING =~ ^[0-9a-f]{40}$ ]]; then
  echo "::error::COMING is not a whole commit."
  exit 1
fi

# What comes from elsewhere is text of one line.
plain() {
  local text=${1//[^ -~]/ }
  printf %s "${text:0:300}"
}

# Says in "status" how the commit that comes is to the one that runs. The token goes by standard input: arguments can be
# seen by every process of the machine. Only the first page would have all changed files.
compare() {
  local answer
  answer=$(
    printf 'header = "Authorization: Bearer %s"\n' "$GITHUB_TOKEN" |
      curl --config - --silent --show-error --retry 3 --retry-max-time 60 --max-time 30 --write-out '\n%{http_code}' \
        --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
        "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/compare/$1...$COMING?per_page=1&page=2" || true
  )
  status=${answer##*$'\n'}
  if [[ $status == 200 ]]; then
    status=$(
      node -e 'process.stdout.write(String(JSON.parse(require("node:fs").readFileSync(0, "utf8")).status))' \
        <<<"${answer%$'\n'*}"
    ) || true
  fi
}

running=()
read -r -d '' -a words <<<"$*" || true
for word in ${words[@]+"${words[@]}"}; do
  # An image is called after its commit; a digest behind that says where it is.
  word=${word%%@*}
  word=${word##*:}
  if [[ $word =~ ^[0-9a-f]{40}$ && " ${running[*]-} " != *" $word "* ]]; then
    running+=("$word")
  fi
done
if ((${#words[@]} == 0)); then
  echo "Nothing runs there yet."
elif ((${#running[@]} == 0)); then
  echo "::warning::What runs there tells no commit, so it may be newer than $COMING: $(plain "$*")"
fi

older=''
for commit in ${running[@]+"${running[@]}"}; do
  if [[ $commit == "$COMING" ]]; then
    continue
  fi
  compare "$commit"
  case $status in
    behind) older=$commit ;;
    ahead | identical) ;;
    404) echo "::warning::GitHub does not know $commit, which runs there, or no history in common with $COMING." ;;
    diverged) echo "::notice::$COMING takes the place of $commit, and neither comes before the other." ;;
    *) echo "::warning::GitHub does not say whether $COMING is older than $commit, which runs there ($(plain "$status"))." ;;
  esac
done

if [[ -z $older ]]; then
  exit
fi
if [[ ${FORCED:-} == true && ${GITHUB_RUN_ATTEMPT:-1} == 1 ]]; then
  echo "::warning::$COMING is older than $older, which runs there, and was asked for by hand."
  exit
fi
if [[ -n ${GITHUB_OUTPUT:-} ]]; then
  echo refused=true >>"$GITHUB_OUTPUT"
fi
echo "::error title=Older than what runs::$COMING is older than $older, which runs there: it is not deployed, and nothing was \
changed. To go back on purpose, use ${WAY_BACK:-the portal, or what docs/runbooks says}; or start this workflow by hand, and \
not again."
exit 1
