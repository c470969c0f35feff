//! A form file with comments that has every key, for tests.

use super::Place;
use crate::app::form_keys::Part;

/// The file.
pub(crate) const FILE: &str = r#"# The form of our review.
form = "pain"  # never changes
version = 3   # raised after piloting
title = "Pain"
extractors = 2
# both kinds of lists are found
fields = [
  { section = "methods", id = "design", type = "choice", options = ["parallel", "crossover"] }, # as randomised
  { section = "methods", id = "setting", type = "text" },
]
# ---- arms
[[arm]]
id = "drug"
label = "Drug"
# which side
role = "experimental" # under study
[[arm]]
id = "high"
label = "Drug, high dose"
role = "experimental"
[[arm]]
id = "placebo"
label = "Placebo"
role = "control"
# ---- what each arm got
[[field]]
section = "arms"
scope = "arm"
id = "dose"
label = "Dose"
type = "decimal"
required = true
unit = "mg"      # per day
units = [
  "mg", # as printed
  "g",
  # rare
  "µg",
]
min = 0
# above this it is a slip
max = 500
guidance = "As planned." # not as taken
[[field]]
section = "methods"
id = "washout"
label = "Washout"
type = "decimal"
options = ["a", "b"]
precision = "month"
show_if = { field = "design", is = ["crossover"] } # only then
characteristic = "methods"
# ---- outcomes
[[outcome]]
id = "pain"
label = "Pain"
kind = "continuous"
direction = "lower-better"
scale = [0, 100]
unit = "points"
event = "none"
mid = 10   # points
granularity = 1
harmonise = true
accept = ["mean_sd", "mean_se"] # what trials print
timepoints = [{ id = "end", label = "End", upto = "8 w" }]
[[outcome]]
id = "nausea"
label = "Nausea"
kind = "dichotomous"
[[outcome.timepoints]]
id = "end" # of treatment
label = "End"
[[outcome.timepoints]]
id = "late"
# ---- analyses
[[analysis]]
id = "1.1"
title = "Pain at the end"
outcome = "pain"
timepoint = "end"
experimental = ["drug", "high"] # combined
control = "placebo"
measure = "MD"
model = "random"
method = "iv"
tau2 = "REML"
test = "knha"
level = 95
subgroup = "dose"
cuts = [1, 2.5]
moderators = ["dose"]
favours_left = "Favours drug"
favours_right = "Favours placebo"
[[appraisal]]
instrument = "rob2"
results = ["pain.end"]
# ---- checks
[[validate]]
rule = "sd_se_confusion"
outcome = "pain"
severity = "off"
why = "means of ratings"
"#;

/// A table of each part that has all the keys of its part, or nearly all.
pub(crate) fn places() -> Vec<(Part, Place)> {
    vec![
        (Part::Form, Place::Form),
        (Part::Arm, Place::Entry(Part::Arm, 0)),
        (Part::Field, Place::Entry(Part::Field, 2)),
        (Part::Field, Place::Entry(Part::Field, 3)),
        (Part::Outcome, Place::Entry(Part::Outcome, 0)),
        (Part::Timepoint, Place::Timepoint(1, 0)),
        (Part::Analysis, Place::Entry(Part::Analysis, 0)),
        (Part::Appraisal, Place::Entry(Part::Appraisal, 0)),
        (Part::Validation, Place::Entry(Part::Validation, 0)),
    ]
}
