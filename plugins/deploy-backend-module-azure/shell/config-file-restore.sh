# shellcheck shell=bash disable=SC2154
claim
if ! was from; then
  mark undone
  look
  answer "$(where_it_stands),\"restored\":\"untouched\""
fi
from=$(head -n 1 -- "$record.step-from")
if ! was undone; then
  unmark reloaded
  mark undone
fi
if [[ $from == "$backup" ]]; then
  look
  answer "$(where_it_stands),\"restored\":\"untouched\""
fi
find_live
before=''
if [[ -n $from ]]; then
  ours "$from" || refuse gone
  before=$(hash_of "$backups/$from")
fi
if [[ $live != "$expected" && $live != "$before" ]]; then
  look
  answer "$(where_it_stands),\"restored\":\"overtaken\""
fi
if [[ $live != "$before" ]]; then
  if [[ -z $from ]]; then
    reason=$(rm -f -- "$file" 2>&1) || fail replace "$reason"
  else
    replace_with "$backups/$from"
  fi
fi
read_again
await_ready "$wait"
answer "$(where_it_stands),\"restored\":\"restored\""
