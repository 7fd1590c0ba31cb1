# Sourced by programs that stand in for others: "ask <port> <field>..." hands the fields and the arguments of the program to
# a `StandInServer`, prints what that answers, and ends as it says. By bash alone, since scripts call such programs often.
ask() {
  local code size error_size output error
  exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 125
  shift
  printf '%s\0' $# "$@" >&3
  # Sizes are of bytes.
  LC_ALL=C
  read -r code size error_size <&3 || exit 125
  read -r -N "$size" output <&3
  read -r -N "$error_size" error <&3
  exec 3>&-
  printf %s "$output"
  printf %s "$error" >&2
  exit "$code"
}
