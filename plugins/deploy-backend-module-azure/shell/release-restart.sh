# shellcheck shell=bash disable=SC2154
claim
restart_unit
await_ready "$wait"
answer "$(where_it_stands)"
