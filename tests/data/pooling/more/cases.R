# Further reference cases: measures, options and formulas that the main set lacks. Made with the generator of the main set:
#   Rscript make_reference.R cases.R .
# (R 4.2, metafor 3.8-1, metadat 1.2, lme4, clubSandwich, gsl).
P <- function(...) paste0("metadat::", ...)
two <- function(study, ai, n1i, ci, n2i, ...) data.frame(study = study, ai = ai, n1i = n1i, ci = ci, n2i = n2i, ...)
tg <- function(v) gsub("[^A-Za-z0-9.]", "", paste(names(v), unlist(v), collapse = ""))
few <- c("EE", "DL", "REML")

# --- events in two groups, with zero and double-zero studies
d <- with(subset(dat.collins1985a, !is.na(b.xti)), two(trial, b.xti, nti, b.xci, nci, year = year, drug = as.character(trt)))
d <- dataset("collins1985a", d, P("dat.collins1985a"))
for (v in list(list(), list(to = "if0all", add = .25), list(add = 1), list(add = .1, to = "all", drop00 = TRUE))) block_es("collins1985a", d, c("RR", "RD", "AS", "PETO", "PHI", "YUQ", "YUY", "OR2DL"), v, tag = tg(v))
for (v in c("UB", "AV")) block_es("collins1985a", d, "RD", list(vtype = v), tag = v)
for (v in c("LS", "ST", "CS")) block_es("collins1985a", d, "PHI", list(vtype = v), tag = v)
block_uni("collins1985a", d, "RR", list(add = .25, to = "if0all"), methods = c("EE", "PM", "ML"), tests = "knha", tag = "if0all", levels = c(80, 99.9))
for (m in c("PHI", "YUQ", "YUY", "OR2DN", "PETO", "AS")) block_uni("collins1985a", d, m, methods = few, tests = "knha", test_methods = "DL", ci = FALSE)
block_mh("collins1985a", d, c("OR", "RR", "RD"), list(all = list(add = c(.5, .25), to = c("all", "all")), if0 = list(add = c(.5, .5), to = c("if0all", "if0all")), none = list(to = c("none", "none")), mix = list(drop00 = c(TRUE, TRUE)), nocorrect = list(correct = FALSE)))
block_revman("collins1985a", d, c("OR", "RD"), group = "drug"); block_metapkg("collins1985a", d)
block_subgroup("collins1985a", d, "RD", "drug", methods = c("EE", "PM", "SJ"), opt = list(drop00 = TRUE), tag = "d")
d <- dataset("laopaiboon2015", with(dat.laopaiboon2015, two(paste(author, year), ai, n1i, ci, n2i, year = year, ctrl = ctrl, abx = diag.ab)), P("dat.laopaiboon2015"))
block_mods("laopaiboon2015", d, "RR", ~ factor(ctrl) * abx, methods = few, tests = c("z", "knha", "t", "adhoc")); block_mods("laopaiboon2015", d, "RR", ~ ctrl + abx, methods = few, opt = list(drop00 = TRUE), tag = "d")
block_mods("laopaiboon2015", d, "RR", ~ factor(ctrl) - 1, methods = few); block_subgroup("laopaiboon2015", d, "RR", "ctrl")
d <- dataset("hahn2001", with(dat.hahn2001, two(study, ai, n1i, ci, n2i)), P("dat.hahn2001")); block_bias("hahn2001", d, "RR", list(drop00 = TRUE)); block_glmm("hahn2001", d, "OR", c("UM.FS", "CM.AL"), nagq = 7)

# --- means of two groups
d <- dataset("gibson2002", with(subset(dat.gibson2002, !is.na(m1i)), data.frame(study = paste(author, year), m1i, sd1i, n1i, m2i, sd2i, n2i, type = paste0("t", type))), P("dat.gibson2002"))
block_es("gibson2002", d, c("SMD1", "SMDH", "VR", "CVR"))
for (v in c("LS", "UB", "LS2", "AV")) { block_es("gibson2002", d, "SMD", list(vtype = v), tag = v); block_es("gibson2002", d, "SMD1", list(vtype = v), tag = v) }
for (v in c("LS", "LS2")) block_es("gibson2002", d, "SMDH", list(vtype = v), tag = v)
for (v in c("LS", "HO", "AV", "AVHO")) block_es("gibson2002", d, "ROM", list(vtype = v), tag = v)
for (v in c("UB", "HO")) block_es("gibson2002", d, "MD", list(vtype = v), tag = v)
for (m in c("SMDH", "VR", "CVR", "SMD1")) block_uni("gibson2002", d, m, methods = c("EE", "DL", "REML", "PM", "HS"), tests = "knha", ci = FALSE)
block_revman("gibson2002", d, c("MD", "SMD")); block_subgroup("gibson2002", d, "SMD", "type", methods = few, opt = list(vtype = "UB"), tag = "UB"); block_diag("gibson2002", d, "SMD", gosh_k = 5, methods = c("EE", "REML")); block_mods("gibson2002", d, "MD", ~ type, methods = few)
d <- dataset("curtis1998", with(dat.curtis1998[1:30, ], data.frame(study = id, m1i, sd1i, n1i, m2i, sd2i, n2i, time = time, method = method)), P("dat.curtis1998"))
block_mods("curtis1998", d, "ROM", ~ time * factor(method), methods = c("DL", "REML")); block_mods("curtis1998", d, "ROM", ~ log(time), methods = c("EE", "DL"), newmods = c(2, 4)); block_mods("curtis1998", d, "SMD", ~ I(time / 100), methods = few, newmods = c(1, 2)); block_mods("curtis1998", d, "SMD", ~ time + I(time^2), methods = "DL", newmods = rbind(c(100, 1e4), c(50, 2500)))

# --- one group: means, rates, proportions
d <- dataset("onemean", data.frame(study = 1:8, mi = c(4.1, 5.2, 3.3, 6.1, 4.9, 5.5, 4.4, 2.2), sdi = c(1, 1.2, .8, 2.1, 1.4, 1.6, .9, .7), ni = c(20, 31, 12, 55, 44, 23, 61, 8)), "synthetic")
for (m in c("MN", "MNLN")) { block_es("onemean", d, m); block_uni("onemean", d, m, methods = c(few, "PM"), tests = "knha"); block_diag("onemean", d, m, methods = "DL") }
d <- dataset("onerate", data.frame(study = 1:9, xi = c(4, 0, 12, 33, 2, 9, 0, 17, 5), ti = c(120.5, 33, 240, 1000, 77, 150, 20, 610, 99)), "synthetic")
for (v in list(list(), list(add = .25), list(to = "all"), list(to = "if0all"), list(to = "none"))) block_es("onerate", d, c("IR", "IRLN", "IRS", "IRFT"), v, tag = tg(v)); for (m in c("IR", "IRLN", "IRS", "IRFT")) block_uni("onerate", d, m, methods = few, tests = "knha", ci = FALSE)
d <- dataset("propzero", data.frame(study = 1:7, xi = c(0, 5, 20, 3, 15, 1, 0), ni = c(20, 50, 20, 33, 60, 12, 7)), "synthetic")
for (v in list(list(), list(add = .25), list(to = "all"), list(to = "if0all"), list(to = "none"))) block_es("propzero", d, c("PR", "PLN", "PLO", "PAS", "PFT"), v, tag = tg(v)); for (v in c("UB", "AV")) block_es("propzero", d, "PR", list(vtype = v), tag = v); for (m in c("PLN", "PLO")) block_es("propzero", d, m, list(vtype = "AV"), tag = "AV")
for (m in c("PLN", "PFT", "PAS")) block_uni("propzero", d, m, methods = few, tests = "knha"); block_glmm_one("propzero", d, "PLO", nagq = 7)

# --- rates of two groups
d <- dataset("nielweise2008", with(dat.nielweise2008, data.frame(study = paste(authors, year), x1i, t1i, x2i, t2i, year = year)), P("dat.nielweise2008"))
for (v in list(list(), list(add = .25), list(to = "if0all"), list(to = "none"), list(drop00 = TRUE))) block_es("nielweise2008", d, c("IRR", "IRD", "IRSD"), v, tag = tg(v)); block_uni("nielweise2008", d, "IRSD", methods = few, tests = "knha", levels = 90)
block_mh("nielweise2008", d, c("IRR", "IRD"), list(corrected = list(add = c(.5, .5), to = c("only0", "only0")), nocorrect = list(correct = FALSE), all = list(add = c(.5, .5), to = c("all", "all")))); block_mods("nielweise2008", d, "IRR", ~ year, methods = c("EE", "REML"), newmods = c(1995, 2000))

# --- correlations and estimates
d <- dataset("mcdaniel1994", with(dat.mcdaniel1994[1:40, ], data.frame(study, ri, ni, type, struct)), P("dat.mcdaniel1994"))
block_es("mcdaniel1994", d, "COR", list(vtype = "AV"), tag = "AV"); block_subgroup("mcdaniel1994", d, "ZCOR", "struct", methods = c("EE", "DL")); block_mods("mcdaniel1994", d, "ZCOR", ~ factor(type) * factor(struct), methods = c("DL", "REML"), tests = c("z", "adhoc"))
d <- dataset("bangertdrowns2004", with(dat.bangertdrowns2004, data.frame(study = paste(author, year), yi, vi, grade = grade, length, wic, feedback, minutes)), P("dat.bangertdrowns2004"))
block_mods("bangertdrowns2004", d, "GEN", ~ factor(grade) + length + wic, methods = c("DL", "REML"), tests = c("z", "knha", "t", "adhoc")); block_mods("bangertdrowns2004", d, "GEN", ~ factor(grade) * length, newmods = rbind(c(0, 0, 0, 5, 0, 0, 0), c(1, 0, 0, 5, 5, 0, 0)), methods = "REML"); block_mods("bangertdrowns2004", d, "GEN", ~ wic * feedback * length, methods = "DL"); block_mods("bangertdrowns2004", d, "GEN", ~ minutes, methods = "REML"); block_mods("bangertdrowns2004", d, "GEN", ~ factor(grade):length, methods = "DL"); block_mods("bangertdrowns2004", d, "GEN", ~ (wic + feedback + length)^2, methods = "DL")
d <- dataset("baskerville2012", with(dat.baskerville2012, data.frame(study = paste(author, year), yi = smd, sei = se, design = design)), P("dat.baskerville2012")); block_uni("baskerville2012", d, "GEN", methods = few, extra = TRUE); block_subgroup("baskerville2012", d, "GEN", "design", methods = "REML")
d <- dataset("assink2016", with(dat.assink2016, data.frame(study, id, yi, vi, year, deltype)), P("dat.assink2016")); block_mlev("assink2016", d, "study", "id", mods = ~ deltype, tests = "z", ci = FALSE); block_rve_uni("assink2016", d, "study")

# --- small and even
gg <- function(n, y, v, ...) { x <- dataset(n, data.frame(study = seq_along(y), yi = y, vi = v, x = seq_along(y)), "synthetic"); block_uni(n, x, "GEN", ...); x }
x <- gg("k2same", c(.3, .3), c(.1, .1)); x <- gg("k2far", c(-3, 3), c(.1, .2)); x <- gg("k4", c(1.1, .2, .4, -.6), c(.01, .02, .03, .02), extra = TRUE, levels = c(50, 99.99)); block_diag("k4", x, "GEN", gosh_k = 4, permute = TRUE, methods = c("EE", "REML"))
x <- gg("even", c(.1, .2, .35, .5, -.2, .4), rep(.04, 6)); block_diag("even", x, "GEN", gosh_k = 5, methods = c("EE", "REML"))
x <- gg("down", c(-1.4, -.9, -2, -1.1, -.2, -1.5, -.4), c(.3, .2, .5, .1, .05, .6, .2)); block_permute_mods("down", x, "GEN", "x", n = 6); block_fixed_tau2("down", x, "GEN", 3)
d <- dataset("accuracy", data.frame(study = 1:12, tp = c(30, 22, 15, 40, 18, 9, 55, 33, 12, 20, 44, 10), fn = c(4, 6, 0, 10, 3, 2, 8, 9, 5, 1, 6, 3), fp = c(5, 9, 3, 12, 4, 0, 15, 8, 6, 7, 3, 9), tn = c(50, 66, 41, 90, 38, 25, 120, 77, 60, 44, 80, 33)), "synthetic", "between-study variance at its limit"); block_dta("accuracy", d)
block_conv(conv_cases(3))
finish("more")
