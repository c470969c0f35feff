# Random combinations of measure, estimator, test, level and corrections over the datasets of the main set (in the folder above).
#   Rscript make_reference.R cases.R .        (R 4.2, metafor 3.8-1)
S <- "../"
set.seed(42)
files <- setdiff(sub(".csv$", "", list.files(S, "csv$")), c("senn2013", "kearon1998", "sim1000"))
pick <- function(x) x[[sample(length(x), 1)]]
one_of <- function(d) if (!is.null(d$ai)) c("RR", "OR", "RD", "AS", "PETO", "PHI", "YUQ", "YUY", "OR2DN", "OR2DL") else if (!is.null(d$x1i)) c("IRR", "IRD", "IRSD") else if (!is.null(d$m1i)) c("MD", "SMD", "SMD1", "SMDH", "ROM", "VR", "CVR") else if (!is.null(d$ri)) c("COR", "ZCOR") else if (!is.null(d$xi)) c("PR", "PLN", "PLO", "PAS", "PFT") else "GEN"
for (n in files) { d <- dataset(n, read.csv(paste0(S, n, ".csv"), stringsAsFactors = FALSE), "main set"); ms <- one_of(d); count <- length(intersect(names(d), c("ai", "x1i", "xi"))) > 0
  for (i in 1:8) { m <- pick(ms); o <- list()
    if (count && runif(1) < .6) { if (runif(1) < .7) o$add <- pick(list(.1, .25, .5, 1)); if (runif(1) < .7) o$to <- pick(c("all", "only0", "if0all", "none")); if (is.null(d$xi) && runif(1) < .4) o$drop00 <- TRUE }
    if (m %in% c("SMD", "SMD1") && runif(1) < .6) o$vtype <- pick(c("LS", "LS2", "UB", "AV")); if (m == "RD" && runif(1) < .5) o$vtype <- pick(c("UB", "AV", "LS")); if (m == "ROM" && runif(1) < .5) o$vtype <- pick(c("LS", "HO", "AV", "AVHO")); if (m == "MD" && runif(1) < .5) o$vtype <- pick(c("LS", "UB", "HO"))
    e <- tryCatch(es(d, m, o), error = function(x) NULL); if (is.null(e) || any(e$vi <= 0, na.rm = TRUE)) next
    meth <- pick(c("EE", "DL", "REML", "ML", "PM", "EB", "HE", "HS", "SJ", "HSk", "PMM", "SJIT")); te <- pick(c("z", "knha", "adhoc", "t")); lv <- pick(c(80, 90, 95, 99))
    f <- safely(rma(e$yi, e$vi, method = meth, test = te, level = lv, control = ctl(e$yi, e$vi)), paste(n, m)); if (is.null(f) || f$k < 1 || (f$k < 2 && te != "z")) next
    r <- tryCatch(uni_res(f, TRUE, level = lv / 100), error = function(x) NULL); if (is.null(r)) next
    it <- if (meth %in% c("EE", "DL", "HE", "HS", "HSk", "SJ")) "exact" else "iter"; y <- f$yi; v <- f$vi; reml <- as.numeric(meth == "REML")
    if (meth %in% c("ML", "REML") && f$k > 1) { g <- global_tau2(y, v, reml); if (ll_uni(g, y, v, reml) - ll_uni(f$tau2, y, v, reml) > 1e-10) it <- "skip" }
    o$level <- lv; add(n, "pool", r, m, if (meth == "EE") "CE" else "RE", meth, te, o, "rma(escalc(...), method, test, level)", tol = it, tag = paste0("r", i)) }
  if (!is.null(d$ai)) for (i in 1:3) { m <- pick(c("OR", "RR", "RD")); v <- list(); if (runif(1) < .7) v$add <- c(pick(list(0, .25, .5)), pick(list(0, .25, .5))); if (runif(1) < .7) v$to <- c(pick(c("all", "only0", "if0all")), pick(c("all", "only0", "if0all", "none"))); if (runif(1) < .5) v$drop00 <- c(pick(c(TRUE, FALSE)), pick(c(TRUE, FALSE))); if (runif(1) < .3) v$correct <- FALSE
    f <- safely(do.call(rma.mh, c(es_args(d, m), list(measure = m), v)), "mh"); if (!is.null(f) && f$k.yi > 0 && is.finite(f$QE)) add(n, "mh", mh_res(f), m, "CE", "MH", "z", v, "rma.mh", tag = paste0("r", i))
    v$correct <- NULL; f <- safely(do.call(rma.peto, c(es_args(d, "OR"), v)), "peto"); if (!is.null(f) && f$k.yi > 1 && is.finite(f$H2)) add(n, "peto", mh_res(f), "PETO", "CE", "Peto", "z", v, "rma.peto", tag = paste0("r", i)) } }
finish("random")
