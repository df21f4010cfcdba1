# Makes the grids that the tests of this package compare with: python grids.py <folder>. Nothing of this runs with the product.
#
#   Python 3.11 with scipy==1.17.1 statsmodels==0.15.0 mpmath==1.4.1 numpy==2.4.6
#
# Distributions are scipy's. Each value is held against mpmath's at 150 digits, which takes its place where scipy is more than 1e-12 off (its quantiles
# of beta and gamma with large parameters are); the counts are printed.
import itertools
import json
import sys

import mpmath as mp
import numpy as np
from scipy import stats
from scipy.integrate import quad
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import zt_ind_solve_power
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    power_proportions_2indep,
    proportion_confint,
    proportions_ztest,
    samplesize_proportions_2indep_onetail,
)

folder = sys.argv[1]
mp.mp.dps = 150


def save(name, grid):
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump(grid, file, separators=(",", ":"))
        file.write("\n")


# --- distributions -------------------------------------------------------------------------------------------------------------------


def series(ratio):
    """1 + r(1) + r(1) r(2) + …, of positive terms."""
    term = total = mp.mpf(1)
    k = 0
    while term > total * mp.mpf(10) ** (-mp.mp.dps):
        k += 1
        term *= ratio(k)
        total += term
    return total


# Plain series (DLMF 8.11.4 and 8.17.8), with digits enough for one less them.
def gamma_shares(a, x):
    a, x = mp.mpf(a), mp.mpf(x)
    below = mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)) * series(lambda k: x / (a + k))
    return below, 1 - below


def beta_shares(a, b, x, y):
    a, b, x, y = map(mp.mpf, (a, b, x, y))
    if x > y:
        return beta_shares(b, a, y, x)[::-1]
    log = a * mp.log(x) + b * mp.log(y) + mp.loggamma(a + b) - mp.loggamma(a + 1) - mp.loggamma(b)
    below = mp.exp(log) * series(lambda k: (a + b + k - 1) / (a + k) * x)
    return below, 1 - below


def exact(kind, ps, x):
    """density, below and above at x."""
    x = mp.mpf(x)
    if kind == "normal":
        return mp.npdf(x), mp.ncdf(x), mp.ncdf(-x)
    if kind == "gamma":
        shape, rate = map(mp.mpf, ps)
        return (rate * mp.exp((shape - 1) * mp.log(rate * x) - rate * x - mp.loggamma(shape)), *gamma_shares(shape, rate * x))
    if kind == "chiSquare":
        return exact("gamma", [mp.mpf(ps[0]) / 2, mp.mpf(1) / 2], x)
    if kind == "beta":
        a, b = map(mp.mpf, ps)
        log = (a - 1) * mp.log(x) + (b - 1) * mp.log(1 - x) + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
        return (mp.exp(log), *beta_shares(a, b, x, 1 - x))
    n = mp.mpf(ps[0])
    log = mp.loggamma((n + 1) / 2) - mp.loggamma(n / 2) - mp.log(n * mp.pi) / 2 - (n + 1) / 2 * mp.log1p(x * x / n)
    middle, tail = beta_shares(0.5, n / 2, x * x / (n + x * x), n / (n + x * x))
    small, large = tail / 2, (1 + middle) / 2
    return (mp.exp(log), *((large, small) if x >= 0 else (small, large)))


replaced = {}


def pick(kind, theirs, ours):
    theirs, ours = float(theirs), float(ours)
    if ours != 0 and abs(theirs / ours - 1) > 1e-12:
        replaced[kind] = replaced.get(kind, 0) + 1
        return ours
    return theirs


scipys = {
    "normal": lambda: stats.norm(),
    "studentT": lambda n: stats.t(n),
    "chiSquare": lambda n: stats.chi2(n),
    "gamma": lambda shape, rate: stats.gamma(shape, scale=1 / rate),
    "beta": lambda a, b: stats.beta(a, b),
}
cases = {
    "normal": [[]],
    "studentT": [[1], [1.5], [3], [9.7], [30], [250], [4821.3], [1e6], [1e9]],
    "chiSquare": [[1], [2], [3], [7], [40], [1000]],
    "gamma": [[0.05, 1], [0.5, 3], [1, 1], [2.5, 0.1], [30, 7], [1500, 2], [2e5, 10]],
    "beta": [[1, 1], [0.5, 0.5], [0.5, 20], [2, 3], [3, 1001], [21, 81], [501, 9501], [20001, 980001], [2e6, 1e3]],
}
shares = [1e-100, 1e-30, 1e-12, 1e-6, 0.0005, 0.025, 0.2, 0.45, 0.5, 0.6, 0.9, 0.975, 0.999]
upper = [1e-100, 1e-30, 1e-12, 1e-6, 0.0005, 0.025, 0.3]

places, quantiles, left_out = [], [], []
for kind, sets in cases.items():
    for ps in sets:
        d = scipys[kind](*ps)
        for p, above in [(p, False) for p in shares] + [(q, True) for q in upper]:
            start = float(d.isf(p) if above else d.ppf(p))
            if not np.isfinite(start) or abs(start) < 1e-290 or (kind == "beta" and not 1e-290 < 1 - start):
                continue
            # One step of Newton's from scipy's place, on the logarithm of the share, gives mpmath's.
            at = mp.mpf(start)
            step, inside = 1, True
            for _ in range(4):
                density, low, high = exact(kind, ps, at)
                step = (mp.log(high / p) * high if above else -mp.log(low / p) * low) / density
                at += step
                inside = kind in ("normal", "studentT") or (at > 0 and (kind != "beta" or at < 1))
                if not inside:
                    break
            # Where scipy gave no place to start from, the case is left out.
            if not inside or abs(step) > abs(at) * mp.mpf(10) ** -20:
                left_out.append([kind, ps, p, above])
                continue
            value = pick(f"{kind} quantile", start, at)
            quantiles.append([kind, ps, p, "above" if above else "below", value])
            # A place as a double is not the quantile itself; the shares are those of the double.
            if kind == "beta" and value == 1:
                continue
            density, low, high = exact(kind, ps, value)
            row = [pick(f"{kind} {name}", theirs, ours) for name, theirs, ours in
                   (("density", d.pdf(value), density), ("below", d.cdf(value), low), ("above", d.sf(value), high))]
            if all(1e-290 < each for each in row):
                places.append([kind, ps, value, *row])
save("distributions", {"places": places, "quantiles": quantiles})
print("mpmath in the place of scipy:", replaced, "of", len(places), "places and", len(quantiles), "quantiles; left out:", left_out)

# --- proportions ---------------------------------------------------------------------------------------------------------------------

pairs = [
    (0, 10, 0, 10), (0, 40, 3, 50), (10, 10, 7, 9), (1, 3, 2, 3), (5, 100, 11, 90), (20, 1000, 31, 1000), (220, 11000, 301, 10875),
    (31, 20000, 47, 60000), (500, 1000, 530, 1000), (99000, 100000, 99120, 100000), (50000, 1000000, 50321, 1000000), (12, 12, 0, 14),
]
proportions = []
for (c1, n1, c2, n2), alpha in itertools.product(pairs, [0.05, 0.01, 0.3]):
    row = {"control": [n1, c1], "arm": [n2, c2], "alpha": alpha}
    row["wilson"] = [float(x) for x in proportion_confint(c2, n2, alpha=alpha, method="wilson")]
    # statsmodels' first sample is the arm: its difference is the first less the second.
    row["newcombe"] = [float(x) for x in confint_proportions_2indep(c2, n2, c1, n1, method="newcomb", alpha=alpha)]
    if 0 < c1 + c2 < n1 + n2:
        row["p"] = float(proportions_ztest([c2, c1], [n2, n1])[1])
    if min(c1, c2) > 0:
        row["lift"] = [float(x) - 1 for x in confint_proportions_2indep(c2, n2, c1, n1, compare="ratio", method="log", alpha=alpha)]
    proportions.append(row)
save("proportions", proportions)

# --- means ---------------------------------------------------------------------------------------------------------------------------

means = []
for (n1, m1, v1), (n2, m2, v2) in itertools.product(
    [(2, 1.0, 0.5), (40, 3.2, 9.1), (12000, 1.75, 88.0), (500, 2500000.0, 4e13)],
    [(2, 1.5, 2.0), (35, 2.0, 0.0), (11000, 1.9, 93.0), (700, 2900000.0, 6e13)],
):
    for alpha in (0.05, 0.001):
        result = stats.ttest_ind_from_stats(m2, v2**0.5, n2, m1, v1**0.5, n1, equal_var=False)
        error = (v1 / n1 + v2 / n2) ** 0.5
        half = float(stats.t.isf(alpha / 2, result_df := (v1 / n1 + v2 / n2) ** 2 / ((v1 / n1) ** 2 / (n1 - 1) + (v2 / n2) ** 2 / (n2 - 1)))) * error
        means.append({"control": [n1, m1, v1], "arm": [n2, m2, v2], "alpha": alpha, "p": float(result.pvalue), "low": m2 - m1 - half, "high": m2 - m1 + half, "df": float(result_df)})
save("means", means)

# --- sample sizes --------------------------------------------------------------------------------------------------------------------

sizes = []
# statsmodels' ratio is of its second sample, which is the control here, to its first.
for base, diff, ratio, alpha, power in itertools.product([0.01, 0.05, 0.4], [0.002, -0.005, 0.05], [1, 0.25], [0.05, 0.01], [0.8, 0.95]):
    n = float(samplesize_proportions_2indep_onetail(diff, base, power, ratio=ratio, alpha=alpha / 2, alternative="larger")) if diff > 0 else float(
        samplesize_proportions_2indep_onetail(-diff, 1 - base, power, ratio=ratio, alpha=alpha / 2, alternative="larger"))
    back = power_proportions_2indep(abs(diff), base if diff > 0 else 1 - base, n, ratio=ratio, alpha=alpha / 2, alternative="larger", return_results=False)
    sizes.append({"base": base, "difference": diff, "controlPerArm": ratio, "alpha": alpha, "power": power, "people": n, "powerBack": float(back)})
sizes_means = []
for effect, ratio, alpha, power in itertools.product([0.01, 0.2, 1.0], [1, 0.25], [0.05, 0.01], [0.8, 0.95]):
    n = float(np.squeeze(zt_ind_solve_power(effect_size=effect, nobs1=None, alpha=alpha / 2, power=power, ratio=ratio, alternative="larger")))
    sizes_means.append({"effect": effect, "controlPerArm": ratio, "alpha": alpha, "power": power, "people": n})
save("sample-sizes", {"proportions": sizes, "means": sizes_means})

# --- confidence sequences: a second implementation -----------------------------------------------------------------------------------
#
# Not the closed form. The paper's boundary is where the mixture of likelihood ratios exp(λ S − λ² t / 2) over λ ~ N(0, ρ²) reaches 1/α
# (its proof of equation 9), so that integral is taken numerically and the S looked for at which it does; the p-value is one over the integral.

mp.mp.dps = 25


def mixture(s, t, rho2):
    spread = 1 / mp.sqrt(t + 1 / rho2)
    middle = s * spread**2
    f = lambda l: mp.exp(l * s - l * l * t / 2) * mp.npdf(l, 0, mp.sqrt(rho2))
    return mp.quad(f, [middle + k * spread for k in (-14, -8, -4, -2, 0, 2, 4, 8, 14)])


sequential = []
for t, alpha, tuned in itertools.product([10, 700, 20000, 3000000], [0.05, 0.004], [5000, 60000]):
    alpha_m = mp.mpf(alpha)
    rho2 = (-2 * mp.log(alpha_m) + mp.log(-2 * mp.log(alpha_m) + 1)) / tuned
    guess = mp.sqrt(2 * (t + 1 / rho2) * mp.log(mp.sqrt(t * rho2 + 1) / alpha_m)) * mp.mpf("1.01")
    bound = mp.findroot(lambda s: mp.log(mixture(s, t, rho2) * alpha_m), (guess, guess * mp.mpf("0.97")), solver="secant")
    seen = bound * mp.mpf("0.8")
    for deviation in (1.0, 0.3):
        half = bound / t * deviation
        estimate = seen / t * deviation
        sequential.append({
            "people": t, "alpha": alpha, "tunedFor": tuned, "variance": deviation**2 / t, "estimate": float(estimate),
            "low": float(estimate - half), "high": float(estimate + half), "p": min(1.0, float(1 / mixture(seen, t, rho2))),
        })
save("sequential", sequential)

# --- Bayes ---------------------------------------------------------------------------------------------------------------------------

bayes = []
for counts in (
    [(0, 0), (0, 0)], [(10, 2), (1000, 300)], [(1000, 20), (1000, 31)], [(50, 0), (60, 5), (55, 55)],
    [(20000, 400), (20100, 433), (19900, 397), (20000, 441)], [(400, 20 + i) for i in range(8)],
):
    arms = [stats.beta(1 + c, 1 + n - c) for n, c in counts]
    grid = sorted({float(x) for a in arms for x in a.ppf([1e-16, 1e-8, 1e-3, 0.1, 0.5, 0.9]).tolist() + a.isf([1e-3, 1e-8, 1e-16]).tolist()})
    whole = lambda f: sum(quad(f, a, b, epsabs=1e-14, epsrel=1e-13)[0] for a, b in zip(grid, grid[1:]))
    best = [whole(lambda x: a.pdf(x) * np.prod([o.cdf(x) for j, o in enumerate(arms) if j != i])) for i, a in enumerate(arms)]
    beats = [whole(lambda x: a.pdf(x) * arms[0].cdf(x)) for a in arms]
    # The maximum's expectation by its density, not by its distribution: another way to the same.
    top = whole(lambda x: x * sum(a.pdf(x) * np.prod([o.cdf(x) for j, o in enumerate(arms) if j != i]) for i, a in enumerate(arms)))
    bayes.append({"counts": counts, "low": [float(a.ppf(0.025)) for a in arms], "high": [float(a.isf(0.025)) for a in arms],
                  "mean": [float(a.mean()) for a in arms], "best": [float(x) for x in best], "beats": [float(x) for x in beats],
                  "loss": [float(top - a.mean()) for a in arms]})
save("bayes", bayes)

# --- checks --------------------------------------------------------------------------------------------------------------------------

rng = np.random.default_rng(20261130)
holms = [{"ps": ps, "raised": [float(x) for x in multipletests(ps, method="holm")[1]]} for ps in
         [[0.01], [0.04, 0.01], [0.5, 0.001, 0.02, 0.02], [1.0, 0.0, 0.3], [float(x) for x in rng.random(7) ** 4]]]
ratios = []
for people, weights in (([100, 100], [1, 1]), ([5012, 4810], [0.5, 0.5]), ([90, 910], [10, 90]), ([300, 310, 350, 280], [1, 1, 1, 1]),
                        ([123456, 124999, 61001], [2, 2, 1]), ([40, 900], [50, 50])):
    expected = np.array(weights) / sum(weights) * sum(people)
    statistic, p = stats.chisquare(people, expected)
    ratios.append({"people": people, "weights": weights, "statistic": float(statistic), "p": float(p)})
save("checks", {"holm": holms, "sampleRatio": ratios})
