# shellcheck shell=bash disable=SC2154
claim
if was undone; then
  refuse undone
fi
ours "$backup" || refuse gone
wanted=$(hash_of "$backups/$backup")
[[ $wanted == "$expected" ]] || refuse changed
if [[ -L $file ]]; then
  refuse not-a-file
fi
find_live
if [[ $live != "$wanted" ]]; then
  # What a pipeline brought meanwhile is backed up as well; the way back leads to the first one.
  back_up
  was from || mark from "$copy"
  unmark reloaded
  replace_with "$backups/$backup"
elif ! was from; then
  mark from "$backup"
fi
read_again
await_ready "$wait"
answer "$(where_it_stands)"
