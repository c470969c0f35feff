# See check_revman.sh. Reads the files as R's meta does (read.rm5, read.cdir), in code of its own.
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(TRUE)[1]
failed <- 0
fail <- function(...) { cat("WRONG:", sprintf(...), "\n"); failed <<- failed + 1 }
close_to <- function(what, got, wanted, tolerance) {
    gap <- max(abs(got - wanted) / pmax(1, abs(wanted)))
    if (!is.finite(gap) || gap > tolerance) fail("%s: %s, not %s", what, paste(got, collapse = " "), paste(wanted, collapse = " "))
    gap
}

# Effects by RevMan's formulas: 0.5 in every cell of a study with an empty cell, studies without events left out.
effects <- function(rows, sm) {
    if (sm == "MD") return(escalc("MD", m1i = m1, sd1i = sd1, n1i = n1, m2i = m2, sd2i = sd2, n2i = n2, data = rows))
    if (sm == "SMD") {
        n <- rows$n1 + rows$n2
        s <- sqrt(((rows$n1 - 1) * rows$sd1^2 + (rows$n2 - 1) * rows$sd2^2) / (n - 2))
        g <- (rows$m1 - rows$m2) / s * (1 - 3 / (4 * n - 9))
        return(data.frame(yi = g, vi = n / (rows$n1 * rows$n2) + g^2 / (2 * (n - 3.94))))
    }
    if (sm == "RD") {
        # The estimate from the counts as they are, its variance with 0.5 more where a cell is empty.
        raw <- escalc("RD", ai = e1, n1i = n1, ci = e2, n2i = n2, data = rows, add = 0, to = "none")
        corrected <- escalc("RD", ai = e1, n1i = n1, ci = e2, n2i = n2, data = rows, add = 0.5, to = "only0")
        return(data.frame(yi = as.numeric(raw$yi), vi = corrected$vi))
    }
    escalc(sm, ai = e1, n1i = n1, ci = e2, n2i = n2, data = rows, add = 0.5, to = "only0", drop00 = TRUE)
}

pool <- function(rows, sm, method, model, tau2 = "DL", test = "z") {
    if (method == "PETO") return(rma.peto(ai = e1, n1i = n1, ci = e2, n2i = n2, data = rows, add = 0, to = "none", drop00 = TRUE))
    if (method == "MH") {
        return(rma.mh(measure = sm, ai = e1, n1i = n1, ci = e2, n2i = n2, data = rows, add = c(0.5, 0.5), to = c("only0", "only0"), drop00 = TRUE))
    }
    es <- effects(rows, sm)
    rma(yi, vi, data = es, method = if (model == "random") tau2 else "EE", test = test)
}

# One analysis: rows, settings and what the file says came out.
check <- function(where, id, rows, sm, method, model, said, groups) {
    exact <- id == "2.10" # RevMan 5 has neither REML nor Hartung-Knapp, the file has their result, and its remark says so.
    fit <- pool(rows, sm, method, model, if (exact) "REML" else "DL", if (exact) "knha" else "z")
    ratio <- sm %in% c("RR", "OR")
    scale <- function(x) if (ratio) exp(x) else x
    ours <- fromJSON(file.path(folder, paste0(id, ".json")))
    against_tamis <- close_to(paste(where, id, "against analyse run"), c(fit$beta, fit$ci.lb, fit$ci.ub), c(ours$estimate, ours$ci_lb, ours$ci_ub), if (exact) 1e-5 else 1e-8)
    close_to(paste(where, id, "result of the file"), c(said$est, said$lo, said$hi), scale(c(fit$beta, fit$ci.lb, fit$ci.ub)), if (exact) 1e-5 else 2e-6)
    if (model == "random" && !exact) close_to(paste(where, id, "tau2"), said$tau2, fit$tau2, 2e-6)
    w <- weights(fit)
    close_to(paste(where, id, "weights"), rows$weight[!is.na(rows$weight)], as.numeric(w), if (exact) 1e-4 else 2e-6)
    if (length(groups) > 0) {
        parts <- split(rows, factor(rows$group, unique(rows$group)))
        fits <- lapply(parts, function(part) if (nrow(part) > 1 || method != "IV") pool(part, sm, method, model) else pool(part, sm, "IV", "fixed"))
        estimates <- sapply(fits, function(f) as.numeric(f$beta))
        se <- sapply(fits, function(f) f$se)
        close_to(paste(where, id, "subgroups"), as.numeric(groups), as.numeric(scale(estimates)), 2e-6)
        known <- is.finite(estimates)
        w <- 1 / se[known]^2
        q <- sum(w * (estimates[known] - sum(w * estimates[known]) / sum(w))^2)
        close_to(paste(where, id, "test between subgroups"), said$between, q, 2e-6)
    }
    cat(sprintf("%s %s %s %s %s: %d studies, %d subgroups, largest difference %.1e\n", where, id, sm, method, model, nrow(rows), length(groups), against_tamis))
}

# ---- RevMan 5: File > Export
file <- file.path(folder, "revman.csv")
if (length(unique(count.fields(file, sep = ",", quote = "\"", comment.char = ""))) != 1) fail("rows of different lengths")
rm5 <- read.csv(file, fileEncoding = "UTF-8-BOM", check.names = FALSE)
stopifnot(c("Comparison Number", "Outcome Number", "Subgroup Number", "Name", "I²(Q)", "Tau²", "Year of study") %in% names(rm5))
# As read.rm5 tells rows apart: by what changes from one to the next.
comparison <- c(1, diff(rm5$`Comparison Number`)) != 0
outcome <- c(1, diff(rm5$`Outcome Number`)) != 0 & !comparison
group <- rm5$`Data Type` != "" & c(1, diff(rm5$`Subgroup Number`)) != 0 & !comparison & !outcome
study <- !comparison & !outcome & !group
cat(sprintf("revman: %d comparisons, %d outcomes, %d subgroups, %d rows of studies\n", sum(comparison), sum(outcome), sum(group), sum(study)))
short <- c(PETO_OR = "OR")
for (i in which(outcome)) {
    at <- rm5[i, ]
    here <- rm5$`Comparison Number` == at$`Comparison Number` & rm5$`Outcome Number` == at$`Outcome Number`
    r <- rm5[here & study, ]
    rows <- data.frame(
        group = r$`Subgroup Number`, e1 = r$`Events 1`, n1 = r$`Total 1`, e2 = r$`Events 2`, n2 = r$`Total 2`, m1 = r$`Mean 1`, sd1 = r$`SD 1`,
        m2 = r$`Mean 2`, sd2 = r$`SD 2`, weight = r$Weight
    )
    sm <- if (at$`Effect Measure` %in% names(short)) short[[at$`Effect Measure`]] else at$`Effect Measure`
    said <- list(est = at$`Effect Estimate`, lo = at$`CI Start`, hi = at$`CI End`, tau2 = at$`Tau²`, between = at$Qint)
    groups <- rm5$`Effect Estimate`[here & group]
    check("revman", paste0(at$`Comparison Number`, ".", at$`Outcome Number`), rows, sm, at$`Statistical Method`, if (at$`Analysis Model` == "Random") "random" else "fixed", said, groups)
}

# ---- the data package of the Cochrane Library
unzip(file.path(folder, "package.zip"), exdir = folder)
part <- function(name) read.csv(file.path(folder, "CD000000-analysis-data", paste0("CD000000-", name, ".csv")), fileEncoding = "UTF-8-BOM", check.names = FALSE, na.strings = c("", "#N/A"), colClasses = c(ID = "character")[name != "data-rows"])
settings <- part("overall-estimates-and-settings")
data <- part("data-rows")
subgroups <- part("subgroup-estimates")
words <- c("Mean Difference" = "MD", "Std. Mean Difference" = "SMD", "Risk Ratio" = "RR", "Odds Ratio" = "OR", "Peto Odds Ratio" = "OR", "Risk Difference" = "RD")
for (i in seq_len(nrow(settings))) {
    at <- settings[i, ]
    same <- function(d) d$`Analysis group` == at$`Analysis group` & d$`Analysis number` == at$`Analysis number`
    r <- data[same(data), ]
    rows <- data.frame(
        group = r$Subgroup, e1 = r$`Experimental cases`, n1 = r$`Experimental N`, e2 = r$`Control cases`, n2 = r$`Control N`,
        m1 = r$`Experimental mean`, sd1 = r$`Experimental SD`, m2 = r$`Control mean`, sd2 = r$`Control SD`, weight = r$Weight
    )
    said <- list(est = at$Mean, lo = at$`CI start`, hi = at$`CI end`, tau2 = at$`Heterogeneity Tau²`, between = at$`Subgroup Chi²`)
    groups <- subgroups$Mean[same(subgroups)]
    check("package", at$ID, rows, words[[at$`Effect measure`]], at$`Statistical method`, if (at$`Analysis model` == "Random effect") "random" else "fixed", said, groups)
}
information <- read.csv(file.path(folder, "CD000000-study-data", "CD000000-study-information.csv"), fileEncoding = "UTF-8-BOM", check.names = FALSE)
stopifnot(names(information)[1:4] == c("Study", "Year", "Data source", "Char: Methods"), all(data$Study %in% information$Study))
cat(sprintf("package: %d studies with their characteristics\n", nrow(information)))
quit(status = if (failed > 0) 1 else 0)
