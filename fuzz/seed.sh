#!/bin/sh
# Copies the small files of the test suite to where each fuzz target begins from.
set -eu
cd "$(dirname "$0")"
data=../tests/data
for target in $(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.toml | tail -n +2); do
    mkdir -p "corpus/$target"
done
seed() {
    target=$1
    shift
    for file in "$@"; do
        [ -f "$file" ] && cp "$file" "corpus/$target/$(basename "$file")"
    done
    return 0
}
quirks=$data/import/quirks
seed ris "$quirks"/*.ris "$data"/import/*.ris
seed nbib "$quirks"/pubmed-saved-as-ris.ris
seed wos "$quirks"/web-of-science-named-ris.ris
seed ovid "$quirks"/ovid-*.txt
seed cochrane "$quirks"/cochrane-library.txt
seed refer "$quirks"/*.enw
seed refworks "$quirks"/refworks-tagged.txt
seed bibtex "$quirks"/*.bib
seed csl_json "$data"/import/regressions/*.json
seed ctgov_json "$data"/import/regressions/*.json
seed pubmed_xml "$quirks"/pubmed-*.xml
seed endnote_xml "$quirks"/endnote.xml
seed ictrp "$quirks"/ictrp.xml
seed csv "$quirks"/*.csv "$quirks"/*.tab "$data"/import/*.csv
seed detect "$quirks"/* "$data"/import/regressions/*
seed write_read "$quirks"/* "$data"/import/regressions/*
