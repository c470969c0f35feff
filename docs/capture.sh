#!/usr/bin/env bash
# Makes the pictures of docs/src/img: the screens as text, 100 columns by 30 lines, and the figures as PNG. Needs tmux.
# Usage: docs/capture.sh [PROGRAM], where PROGRAM is target/release/tamis unless another is named.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

program=$(realpath "${1:-target/release/tamis}")
images=$PWD/docs/src/img
work=$(mktemp -d)
tmux=(tmux -L "tamis-capture-$$" -f /dev/null)
trap '"${tmux[@]}" kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

export TAMIS_HOME=$work/home TAMIS_CLOCK=2026-11-22T09:00:00Z TAMIS_SEED=1
unset TAMIS_REVIEW TAMIS_REVIEWER NO_COLOR || true
mkdir -p "$images"
cp examples/ketamine/* "$work"
cd "$work"

# Runs the program without its talk.
tamis() {
  "$program" "$@" >/dev/null 2>"$work/talk" || { cat "$work/talk" >&2; return 1; }
}

# Prints the screen once it has stopped changing.
settled() {
  local before="" now
  for _ in $(seq 50); do
    sleep 0.2
    now=$("${tmux[@]}" capture-pane -t shot -p)
    if [ -n "${now//[[:space:]]/}" ] && [ "$now" = "$before" ]; then
      break
    fi
    before=$now
  done
  printf '%s\n' "$now"
}

# shot NAME REVIEW VERB [KEY...]: opens a screen, presses keys, keeps the picture.
shot() {
  local name=$1 review=$2 verb=$3
  shift 3
  "${tmux[@]}" new-session -d -s shot -x 100 -y 30 "TERM=xterm-256color $program $verb --review $review"
  settled >/dev/null
  local key
  for key in "$@"; do
    "${tmux[@]}" send-keys -t shot "$key"
    settled >/dev/null
  done
  settled | sed 's/[[:space:]]*$//' >"$images/$name.txt"
  "${tmux[@]}" kill-session -t shot
  echo "$name"
}

"${tmux[@]}" new-session -d -s base "sleep 600"
"${tmux[@]}" set-option -g status off

tamis init work.tamis --title "Ketamine for chronic pain" --reviewer "AR=First reviewer" --reviewer "BK=Second reviewer"
tamis setup load review.toml --review work.tamis
tamis import search-pubmed.nbib --source PubMed --date 2026-11-02 --review work.tamis
tamis import search-embase.ris --source Embase --date 2026-11-02 --review work.tamis
tamis import search-central.ris --source CENTRAL --date 2026-11-03 --review work.tamis
tamis import search-other.ris --source "Organisations and publishers" --review work.tamis
tamis import found-by-citation.ris --source "Citation searching" --review work.tamis
tamis dedup run --review work.tamis
shot sources work.tamis source
shot duplicates work.tamis dedup v
shot screening work.tamis screen
tamis screen votes votes-ta-AR.csv --as AR --review work.tamis
tamis screen votes votes-ta-BK.csv --as BK --review work.tamis
shot conflicts work.tamis conflict
for person in AR BK; do tamis conflict load conflicts-ta.csv --stage ta --as $person --review work.tamis; done
tamis fulltext load retrieval.csv --as AR --review work.tamis
shot fulltext work.tamis fulltext
for person in AR BK; do tamis fulltext votes votes-ft-$person.csv --as $person --review work.tamis; done
for person in AR BK; do tamis conflict load conflicts-ft.csv --stage ft --as $person --review work.tamis; done
tamis study load studies.csv --review work.tamis
tamis form use form.toml --review work.tamis
tamis extract load extraction-AR.csv --as AR --review work.tamis
shot extraction work.tamis extract Enter
tamis extract submit --all --as AR --review work.tamis
tamis extract load extraction-BK.csv --as BK --review work.tamis
tamis extract submit --all --as BK --review work.tamis
shot consensus work.tamis "" g a Enter

tamis demo example
review=example/ketamine.tamis
shot home $review ""
shot studies $review study
shot analysis $review analyse
shot flow $review "" g p
shot log $review "" g l
shot setup $review "" g e
shot help $review screen "?"
tamis plot forest 1.1 -o "$images/forest.png" --review $review
tamis plot flow -o "$images/flow.png" --review $review
