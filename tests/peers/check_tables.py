"""See check_tables.sh."""
import json
import pathlib
import sys

import docx
import jsonschema
import openpyxl

folder, schema = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
failed = 0


def check(what, got, wanted):
    global failed
    if got != wanted:
        failed += 1
        print(f"WRONG: {what}: {got!r}, not {wanted!r}")


def load(name):
    return json.loads((folder / name).read_text("utf-8"))


# Word: a table a study and one of the reports excluded, every text as it stands in the tables.
document = docx.Document(folder / "characteristics.docx")
included, excluded = load("characteristics.json"), load("excluded.json")
check("tables", len(document.tables), len(included) + 1)
headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name.startswith("Heading")]
check("headings", [heading for heading in headings if not heading.startswith("Characteristics")], [row["Study"] for row in included])
for table, row in zip(document.tables, included):
    for cells in table.rows:
        name, text = (cell.text for cell in cells.cells)
        check(f"{row['Study']}, {name}", text, row[name] or "")
last = document.tables[-1]
check("reports excluded", len(last.rows), len(excluded) + 1)
for cells, row in zip(last.rows[1:], excluded):
    check("a report excluded", [cell.text for cell in cells.cells], [row[name] or "" for name in row])
print(f"word: {len(document.tables)} tables, {len(headings)} headings")

# The workbook: typed cells, no formulas, the same results as in JSON.
book = openpyxl.load_workbook(folder / "all.xlsx")
cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
check("formulas", sum(cell.data_type == "f" for cell in cells), 0)
results = load("results.json")
sheet = book["results"]
names = [cell.value for cell in sheet[1]]
for cells_of, row in zip(sheet.iter_rows(min_row=2), results):
    for name, cell in zip(names, cells_of):
        wanted = row[name] if row[name] != "" else None
        check(f"results, {name}", cell.value, wanted)
numbers = sum(cell.data_type == "n" and cell.value is not None for cell in cells)
print(f"workbook: {len(book.sheetnames)} sheets, {len(cells)} cells, {numbers} numbers, no formula")

# The document of everything extracted, against its schema.
everything = load("extraction.json")
validator = jsonschema.Draft202012Validator(json.loads(schema.read_text("utf-8")))
jsonschema.Draft202012Validator.check_schema(validator.schema)
problems = list(validator.iter_errors(everything))
for problem in problems[:10]:
    print("WRONG:", "/".join(map(str, problem.path)), problem.message)
failed += len(problems)
values = sum(len(draft["values"]) for study in everything["studies"] for draft in study["drafts"])
print(f"extraction: {len(everything['studies'])} studies, {values} values of drafts, {len(problems)} misfits with the schema")
sys.exit(1 if failed else 0)
