# shellcheck shell=bash disable=SC2154
claim
if was undone; then
  refuse undone
fi
[[ $(state_of "$release") == complete ]] || refuse gone
find_current
if [[ $link == other ]]; then
  refuse not-a-link
fi
if ! was from; then
  mark from "$current"
fi
if [[ $current != "$release" ]]; then
  # Both before the switch: whoever goes on after a crash must restart, and has something to undo.
  unmark restarted
  mark switching
  switch_to "$release"
fi
restart_unit
await_ready "$wait"
answer "$(where_it_stands)"
