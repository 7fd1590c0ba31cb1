#!/usr/bin/env bash
# What aws-ecs.sh does where ECS shifts the traffic by itself (blue/green); read by it, and not run.
#
# CLUSTER, SERVICE, STABLE_ATTEMPTS   see there
# bake_minutes                        how long old and new run side by side
# taken_back                          becomes true where ECS takes a deployment back
set -euo pipefail

# How ECS tells of service deployments, where it shifts the traffic. Status and stage of one, and why.
ask_deployment() {
  ask 'serviceDeployments[0].[status, lifecycleStage, statusReason]' \
    describe-service-deployments --service-deployment-arns "$1"
}

# The newest one, and the task definition that it brings in.
newest_deployment() {
  local arn revision definition=''
  IFS=$'\t' read -r arn revision < <(
    ask 'sort_by(serviceDeployments, &createdAt)[-1].[serviceDeploymentArn, targetServiceRevisionArn]' \
      list-service-deployments --cluster "$CLUSTER" --service "$SERVICE"
  ) || return 0
  definition=$(ask 'serviceRevisions[0].taskDefinition' describe-service-revisions --service-revision-arns "$revision")
  printf '%s\t%s\n' "$arn" "$definition"
}

# Ends well once ECS is through with the deployment, its bake time included. As long as old and new run side by side the
# service is asked; if it does not answer, this ends badly at once, and the way back is short.
await_shift() {
  local attempt arn='' definition='' status='' stage='' reason='' end=$((SECONDS + 1200 + ${bake_minutes:-0} * 60))
  for ((attempt = 1; attempt <= ${STABLE_ATTEMPTS:-240} + ${bake_minutes:-0} * 12 && SECONDS < end; attempt++)); do
    if [[ $definition != "$1" ]]; then
      # For a moment ECS may still tell of the one before.
      IFS=$'\t' read -r arn definition < <(newest_deployment) || true
    else
      IFS=$'\t' read -r status stage reason < <(ask_deployment "$arn") || true
      case $status in
        SUCCESSFUL) return 0 ;;
        '' | PENDING | IN_PROGRESS) ;;
        *) break ;;
      esac
      if [[ $stage == BAKE_TIME ]] && ! verify >"${private:?}/answers"; then
        cat "${private:?}/answers"
        return 1
      fi
    fi
    sleep 5
  done
  if [[ $definition != "$1" ]]; then
    reason="it has no deployment of it"
  fi
  echo "::error::The traffic of $SERVICE does not get to ${1##*/}: ECS tells of ${status:-nothing} ${stage/#None/} ${reason/#None/}"
  return 1
}

# Nothing is under way afterwards: what is, ECS takes back to what served before.
settle() {
  local attempt end arn='' definition='' status=''
  IFS=$'\t' read -r arn definition < <(newest_deployment) || true
  if [[ -z $arn ]]; then
    return 0
  fi
  end=$((SECONDS + 1200))
  for ((attempt = 1; attempt <= ${STABLE_ATTEMPTS:-240} && SECONDS < end; attempt++)); do
    IFS=$'\t' read -r status _ < <(ask_deployment "$arn") || true
    case $status in
      PENDING | IN_PROGRESS)
        if [[ $taken_back != true ]]; then
          echo "ECS takes back ${definition##*/}, which is under way."
          # It may have ended in between.
          aws ecs stop-service-deployment --service-deployment-arn "$arn" --stop-type ROLLBACK --output text \
            >"${private:?}/answer" || true
        fi
        taken_back=true
        ;;
      STOP_REQUESTED | ROLLBACK_REQUESTED | ROLLBACK_IN_PROGRESS) taken_back=true ;;
      '') ;;
      *) return 0 ;;
    esac
    sleep 5
  done
  echo "::error::ECS does not take back ${definition##*/}: it tells of $status."
  return 1
}

# Whether the newest deployment brings in what was stable here before, and not for the first time.
is_on_its_way_back() {
  local definition=''
  IFS=$'\t' read -r _ definition < <(newest_deployment) || true
  [[ -n $definition && $'\n'$(stable_definitions)$'\n' == *$'\n'"$definition"$'\n'* ]]
}
