# shellcheck shell=bash disable=SC2154
[[ -d $directory/releases ]] || refuse no-directory
list_releases "$offset"
look
answer "$(where_it_stands),\"release\":\"$(state_of "$release")\",\"releases\":[$rows],\"more\":$more"
