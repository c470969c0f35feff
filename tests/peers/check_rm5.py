"""See check_revman.sh. Reads the .rm5 file with Python's own parser and pools its rows again."""
import json
import math
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

folder = pathlib.Path(sys.argv[1])
root = ElementTree.parse(folder / "review.rm5").getroot()
table = json.loads((folder / "revman.json").read_text("utf-8"))
failed = 0


def close(what, got, wanted, tolerance):
    global failed
    if abs(got - wanted) > tolerance * max(1.0, abs(wanted)):
        failed += 1
        print(f"WRONG: {what}: {got}, not {wanted}")


studies = {study.get("ID"): study.get("NAME") for study in root.iter("STUDY")}
described = {char.get("STUDY_ID") for char in root.iter("INCLUDED_CHAR")}
if described != set(studies):
    failed += 1
    print("WRONG: studies without characteristics:", set(studies) - described)
count = 0
for comparison in root.iter("COMPARISON"):
    for outcome in comparison:
        if not outcome.tag.endswith("_OUTCOME"):
            continue
        number = [int(comparison.get("NO")), int(outcome.get("NO"))]
        rows = [row for row in outcome.iter() if row.tag.endswith("_DATA")]
        mine = [row for row in table if [row["Comparison Number"], row["Outcome Number"]] == number and row["Data Type"] in (None, "")]
        if [studies[row.get("STUDY_ID")] for row in rows] != [row["Name"] for row in mine]:
            failed += 1
            print("WRONG: studies of", number)
        ratio = outcome.get("LOG_EFFECT_SIZE") is not None
        for row, other in zip(rows, mine):
            for name, column in (("EFFECT_SIZE", "Effect Estimate"), ("SE", "SE"), ("WEIGHT", "Weight"), ("TOTAL_1", "Total 1")):
                close(f"{number} {row.get('STUDY_ID')} {name}", float(row.get(name)), other[column], 2e-8)
            if ratio:
                close(f"{number} log10", 10 ** float(row.get("LOG_EFFECT_SIZE")), float(row.get("EFFECT_SIZE")), 1e-12)
        if outcome.get("METHOD") == "IV" and outcome.get("RANDOM") == "YES" and number != [2, 10]:
            scale = math.log if ratio else float
            y = [scale(float(row.get("EFFECT_SIZE"))) for row in rows]
            w = [1 / float(row.get("SE")) ** 2 for row in rows]
            mean = sum(a * b for a, b in zip(w, y)) / sum(w)
            q = sum(a * (b - mean) ** 2 for a, b in zip(w, y))
            tau2 = max(0.0, (q - len(y) + 1) / (sum(w) - sum(a * a for a in w) / sum(w)))
            w = [1 / (1 / a + tau2) for a in w]
            mean = sum(a * b for a, b in zip(w, y)) / sum(w)
            close(f"{number} pooled", mean, scale(float(outcome.get("EFFECT_SIZE"))), 1e-9)
            close(f"{number} Q", q, float(outcome.get("CHI2")), 1e-9)
            close(f"{number} tau2", tau2, float(outcome.get("TAU2")), 1e-9)
        count += 1
print(f"rm5: {len(studies)} studies, {count} outcomes, every row as in the table")
sys.exit(1 if failed else 0)
