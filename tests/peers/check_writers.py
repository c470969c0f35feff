"""Reads the exports of `check_writers.sh` with other programs' libraries and compares them with the JSON export. See README.md."""

import csv
import json
import re
import sys
import unicodedata
from pathlib import Path

import bibtexparser
import nbib
import openpyxl
import pandas
import rispy
from lxml import etree

folder = Path(sys.argv[1])
failures = 0


def plain(text):
    """Returns a text as it is compared: NFC, white space folded, no full stop at the end."""
    return " ".join(unicodedata.normalize("NFC", str(text or "")).split()).rstrip(".")


def record(title, year, doi, authors):
    """Returns what is compared of a record."""
    return plain(title), str(year or ""), plain(doi).lower(), authors


def compare(name, expected, found):
    """Compares two lists of records and says how they differ."""
    global failures
    problems = []
    if len(expected) != len(found):
        problems.append(f"{len(found)} records instead of {len(expected)}")
    for at, (one, other) in enumerate(zip(expected, found), 1):
        for field, theirs, ours in zip(("title", "year", "DOI", "authors"), other, one):
            if theirs is not None and theirs != ours:
                problems.append(f"record {at}, {field}: written {ours!r}, read {theirs!r}")
    failures += bool(problems)
    print(f"{name}: {len(found)} records, {'all agree' if not problems else str(len(problems)) + ' differences'}")
    for problem in problems[:10]:
        print("   ", problem)


records = json.loads((folder / "records.json").read_text())
expected = [record(r["title"], r["year"], r["doi"], len(r["authors"])) for r in records]

entries = rispy.loads((folder / "records.ris").read_text())
compare("RIS by rispy", expected, [record(e.get("title") or e.get("primary_title"), e.get("year"), e.get("doi"), len(e.get("authors", []))) for e in entries])

entries = nbib.read_file(str(folder / "records.nbib"))
compare(
    "nbib by nbib",
    expected,
    [
        # The library keeps the last of several groups only, so that records with groups are compared without the number of authors.
        record(
            e.get("title"),
            (re.findall(r"\d{4}", str(e.get("publication_date", ""))) or [""])[0],
            e.get("doi"),
            None if "corporate_author" in e else len(e.get("authors", [])),
        )
        for e in entries
    ],
)

parser = bibtexparser.bparser.BibTexParser(common_strings=True, interpolate_strings=True, ignore_nonstandard_types=False)
entries = bibtexparser.loads((folder / "records.bib").read_text(), parser).entries


def from_latex(text):
    """Undoes the escapes of LaTeX that the writer uses for signs that LaTeX reserves, and braces."""
    text = re.sub(r"\\([&%$#_{}])", r"\1", text or "")
    text = text.replace("\\textless{}", "<").replace("\\textgreater{}", ">").replace("\\textbackslash{}", "\\").replace("\\textasciitilde{}", "~")
    return re.sub(r"[{}]", "", text)


def names(entry):
    """Counts the authors of an entry; names in braces may hold "and"."""
    text, depth, count = entry.get("author", ""), 0, 0
    if not text:
        return 0
    for token in re.findall(r"[{}]|\band\b|[^{}\s]+|\s+", text):
        depth += (token == "{") - (token == "}")
        count += token == "and" and depth == 0
    return count + 1


compare("BibTeX by bibtexparser", expected, [record(from_latex(e.get("title")), e.get("year"), from_latex(e.get("doi")), names(e)) for e in entries])

items = json.loads((folder / "records.csl-json").read_text())
compare(
    "CSL-JSON as JSON",
    expected,
    [record(i.get("title"), i.get("issued", {}).get("date-parts", [[""]])[0][0], i.get("DOI"), len(i.get("author", []))) for i in items],
)

tree = etree.parse(str(folder / "records.endnote-xml"))
text = lambda element: "" if element is None else "".join(element.itertext())
compare(
    "EndNote XML by lxml",
    expected,
    [
        record(
            text(r.find("titles/title")), text(r.find("dates/year")), text(r.find("electronic-resource-num")), len(r.findall("contributors/authors/author"))
        )
        for r in tree.iter("record")
    ],
)

with open(folder / "records.csv", newline="") as file:
    rows = list(csv.DictReader(file))
people = lambda cell: len([name for name in re.split(r"[;\n]", cell or "") if name.strip()])
compare("CSV by Python", expected, [record(r["title"], r["year"], r["doi"], people(r["authors"])) for r in rows])

frame = pandas.read_excel(folder / "records.xlsx", dtype={"pmid": str}).astype(object).fillna("")
assert frame["year"].map(lambda year: year == "" or float(year) == int(year)).all()
compare("XLSX by pandas", expected, [record(r["title"], int(r["year"]) if r["year"] != "" else "", r["doi"], people(r["authors"])) for _, r in frame.iterrows()])

for name in ("records", "votes", "duplicates", "prisma", "extraction", "analysis"):
    sheet = openpyxl.load_workbook(folder / f"{name}.xlsx").active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    with open(folder / f"{name}.csv", newline="") as file:
        lines = list(csv.reader(file))
    formulas = sum(cell.data_type == "f" for cell in cells)
    numbers = sum(cell.data_type == "n" and cell.value is not None for cell in cells)
    same = [len(lines), len(lines[0])] == [sheet.max_row, sheet.max_column]
    fine = formulas == 0 and same and sheet.freeze_panes == "A2" and sheet.auto_filter.ref is not None
    failures += not fine
    print(f"{name}.xlsx by openpyxl: {sheet.max_row} rows of {sheet.max_column}, {numbers} numbers, {formulas} formulas, {'as the csv' if fine else 'NOT as the csv'}")

sys.exit(1 if failures else 0)
