# Makes the grid of GrowthBook's answers: python growthbook.py <folder>. Nothing of this runs with the product.
#
#   Python 3.11 with gbstats==0.8.0 (GrowthBook's own package, MIT), scipy==1.17.1 numpy==1.26.4 pandas==1.5.3
import itertools
import json
import sys

from gbstats.bayesian.tests import EffectBayesianABTest, EffectBayesianConfig
from gbstats.frequentist.tests import FrequentistConfig, SequentialConfig, SequentialTwoSidedTTest, TwoSidedTTest
from gbstats.models.statistics import ProportionStatistic, SampleMeanStatistic
from gbstats.utils import check_srm

proportions = [((1000, 20), (1000, 31)), ((11000, 220), (10875, 301)), ((20000, 31), (60000, 47)), ((500, 250), (500, 290)), ((90, 5), (100, 11))]
means = [((40, 130.0, 800.0), (35, 70.0, 210.0)), ((12000, 21000.0, 900000.0), (11000, 20900.0, 990000.0)), ((3, 6.0, 20.0), (4, 9.0, 31.0))]


def plain(x):
    return float(x)


rows = []
for kind, pairs in (("proportion", proportions), ("mean", means)):
    for (a, b), alpha in itertools.product(pairs, (0.05, 0.01)):
        make = (lambda n, c: ProportionStatistic(n=n, sum=c)) if kind == "proportion" else (lambda n, s, q: SampleMeanStatistic(n=n, sum=s, sum_squares=q))
        control, arm = make(*a), make(*b)
        row = {"kind": kind, "control": a, "arm": b, "alpha": alpha}
        for tuned in (5000, 60000):
            test = SequentialTwoSidedTTest(control, arm, SequentialConfig(alpha=alpha, difference_type="absolute", sequential_tuning_parameter=tuned))
            result = test.compute_result()
            row[f"sequential{tuned}"] = {"low": plain(result.ci[0]), "high": plain(result.ci[1]), "p": plain(result.p_value)}
        if kind == "mean":
            for relative in ("absolute", "relative"):
                test = TwoSidedTTest(control, arm, FrequentistConfig(alpha=alpha, difference_type=relative))
                result = test.compute_result()
                row[relative] = {"low": plain(result.ci[0]), "high": plain(result.ci[1]), "p": plain(result.p_value)}
            result = EffectBayesianABTest(control, arm, EffectBayesianConfig(difference_type="absolute")).compute_result()
            row["bayes"] = {"chance": plain(result.chance_to_win), "loss": plain(result.risk[1])}
        rows.append(row)

ratios = [{"people": people, "weights": weights, "p": plain(check_srm(people, weights))} for people, weights in
          (([5012, 4810], [0.5, 0.5]), ([300, 310, 350, 280], [1, 1, 1, 1]), ([123456, 124999, 61001], [0.4, 0.4, 0.2]))]

with open(f"{sys.argv[1]}/growthbook.json", "w") as file:
    json.dump({"tests": rows, "sampleRatio": ratios}, file, separators=(",", ":"))
    file.write("\n")
