# shellcheck shell=bash disable=SC2154
claim
if ! was switching; then
  # The step changed nothing here; should it still come, it comes too late.
  mark undone
  look
  answer "$(where_it_stands),\"restored\":\"untouched\""
fi
from=$(head -n 1 -- "$record.step-from")
find_current
# The mark `undone` comes first, `restarted` after it counts for the way back.
if ! was undone; then
  unmark restarted
  mark undone
fi
if [[ $current != "$release" && $current != "$from" ]]; then
  look
  answer "$(where_it_stands),\"restored\":\"overtaken\""
fi
if [[ $from == "$release" ]]; then
  look
  answer "$(where_it_stands),\"restored\":\"untouched\""
fi
if [[ -z $from ]]; then
  reason=$(rm -f -- "$directory/current" 2>&1) || fail switch "$reason"
else
  if [[ $current != "$from" ]]; then
    [[ $(state_of "$from") == complete ]] || refuse gone
    switch_to "$from"
  fi
  restart_unit
fi
await_ready "$wait"
answer "$(where_it_stands),\"restored\":\"restored\""
