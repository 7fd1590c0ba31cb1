#!/usr/bin/env bash
# Shows what Terraform would change, and changes nothing: not even the lock of the state is taken, which takes a role
# that may write.
#
# TERRAFORM_DIRECTORY   where it lies
# COMMENT_FILE          where the plan is written for people
set -euo pipefail

: "${TERRAFORM_DIRECTORY:?}" "${COMMENT_FILE:?}"
plan=$(mktemp)
trap 'rm -f -- "$plan"' EXIT

status=0
{
  terraform -chdir="$TERRAFORM_DIRECTORY" init -input=false -no-color >/dev/null &&
    terraform -chdir="$TERRAFORM_DIRECTORY" plan -input=false -no-color -lock=false
} 2>&1 | tee "$plan" || status=$?

fence='``````'
{
  echo '### What Terraform would change'
  echo
  if ((status)); then
    echo 'The plan failed.'
    echo
  fi
  echo "$fence"
  # GitHub takes 65,536 characters.
  head --bytes=60000 "$plan" | sed 's/\x60\{6,\}/\x60\x60\x60\x60\x60/g'
  echo
  echo "$fence"
} >"$COMMENT_FILE"
exit "$status"
