# shellcheck shell=bash disable=SC2154
claim
read_again
await_ready "$wait"
answer "$(where_it_stands)"
