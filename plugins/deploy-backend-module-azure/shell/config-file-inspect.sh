# shellcheck shell=bash disable=SC2154
[[ -d $backups ]] || refuse no-directory
find_live
rows='' more=0 index=0
while read -r stamp name; do
  [[ -n $name ]] || continue
  index=$((index + 1))
  ((index > offset)) || continue
  digest=$(hash_of "$backups/$name")
  row="[\"$name\",$stamp,\"${digest:0:24}\"]"
  if ((${#rows} + ${#row} > 2800)); then
    more=1
    break
  fi
  rows+=${rows:+,}$row
done <<<"$(list_backups)"
wanted=''
if [[ -n $backup ]] && ours "$backup"; then
  wanted=$(hash_of "$backups/$backup")
fi
look
answer "$(where_it_stands),\"wanted\":\"$wanted\",\"backups\":[$rows],\"more\":$more"
