# Builds the worked example for a check, in a folder that goes with it; sourced by the checks with the program as their first argument, if
# any. Sets `root` (the project), `tamis` (the program), `folder`, and `review` (the example's file).
root=$(cd "$(dirname "$0")/../.." && pwd)
tamis=${1:-$root/target/debug/tamis}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export TAMIS_HOME="$folder/home"
"$tamis" demo "$folder/demo" >/dev/null 2>&1
review="$folder/demo/ketamine.tamis"
