"""Made-up scores with rates that can be worked out on paper, and the same rates counted the slow way."""

from statistics import NormalDist

import numpy as np
import pytest

from recognition.engine import evaluation
from recognition.engine.evaluation import Scored


def scored(same: list[float], different: list[float]) -> Scored:
    return Scored(np.array(same, dtype=np.float64), np.array(different, dtype=np.float64))


def eer(found: Scored) -> float:
    return evaluation.equal_error_rate(evaluation.curve(found))


@pytest.fixture(scope="module")
def normal() -> Scored:
    """Two normal distributions, two deviations apart: known in closed form."""
    numbers = np.random.default_rng(4)
    return Scored(numbers.normal(2, 1, 20_000), numbers.normal(0, 1, 40_000))


def test_of_eight_comparisons_six_and_a_half_are_right() -> None:
    found = scored([0.9, 0.5], [0.1, 0.5, 0.6, 0.8])
    # 0.9 leads all four; 0.5 leads one and ties with one.
    assert evaluation.area(found) == pytest.approx((4 + 1.5) / 8)


def test_the_area_is_that_of_counting_every_comparison() -> None:
    numbers = np.random.default_rng(1)
    same, different = numbers.integers(3, 12, 70) / 10, numbers.integers(0, 9, 90) / 10  # with many ties
    slow = sum((one > other) + (one == other) / 2 for one in same for other in different) / (70 * 90)
    assert evaluation.area(Scored(same, different)) == pytest.approx(slow)


def test_two_normal_distributions_give_what_the_formula_says(normal: Scored) -> None:
    assert evaluation.area(normal) == pytest.approx(NormalDist().cdf(2 / 2**0.5), abs=0.003)
    assert eer(normal) == pytest.approx(NormalDist().cdf(-1), abs=0.004)


def test_one_of_four_wrong_on_each_side_is_a_quarter() -> None:
    assert eer(scored([0.3, 0.7, 0.8, 0.9], [0.1, 0.2, 0.25, 0.5])) == pytest.approx(0.25)


def test_kinds_that_do_not_overlap_have_no_error() -> None:
    found = scored([0.8, 0.9], [0.1, 0.2, 0.3])
    assert (evaluation.area(found), eer(found)) == (1.0, 0.0)


def test_kinds_the_wrong_way_round_are_always_wrong() -> None:
    found = scored([0.1, 0.2], [0.8, 0.9])
    assert (evaluation.area(found), eer(found)) == (0.0, 1.0)


def test_scores_that_say_nothing_are_half() -> None:
    found = scored([0.5, 0.5], [0.5, 0.5, 0.5])
    assert (evaluation.area(found), eer(found)) == (0.5, 0.5)


def test_the_threshold_keeps_the_wanted_rate_and_no_lower_one_does(normal: Scored) -> None:
    for wanted in (0.0001, 0.001, 0.01, 0.3):
        threshold = evaluation.threshold_for(normal, wanted)
        assert normal.false_matches(threshold).errors == int(wanted * 40_000)
        below = np.sort(normal.different)[::-1][int(wanted * 40_000)]
        assert normal.false_matches(float(below)).errors > wanted * 40_000


def test_29_in_a_hundred_are_29_also_in_floating_point() -> None:
    found = scored([1.0], [at / 100 for at in range(100)])
    assert 0.29 * 100 < 29
    assert found.false_matches(evaluation.threshold_for(found, 0.29)).errors == 29


def test_equal_scores_do_not_slip_through_together() -> None:
    found = scored([0.9], [0.5, 0.5, 0.5, 0.1])
    assert found.false_matches(evaluation.threshold_for(found, 0.25)).errors == 0


def test_a_threshold_above_every_score_exists() -> None:
    found = scored([0.1], [0.2])
    assert found.false_matches(evaluation.threshold_for(found, 0.001)).errors == 0


@pytest.mark.parametrize(
    ("errors", "of", "low", "high"),
    # Published tables of Clopper and Pearson's interval at 95 %.
    [(1, 10, 0.0025, 0.4450), (5, 20, 0.0866, 0.4910), (50, 100, 0.3983, 0.6017), (3, 1000, 0.000619, 0.008742)],
)
def test_the_interval_is_that_of_the_tables(errors: int, of: int, low: float, high: float) -> None:
    found = evaluation.interval(errors, of)
    assert found == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


def test_no_error_among_many_is_the_rule_of_three() -> None:
    low, high = evaluation.interval(0, 3000)
    assert low == 0.0
    assert high == pytest.approx(3 / 3000, rel=0.01)
    assert evaluation.pairs_needed(0.001) == 3000


def test_many_errors_among_very_many_are_within_floating_point() -> None:
    low, high = evaluation.interval(50_000, 2_000_000)
    assert low == pytest.approx(0.024784, abs=2e-6)
    assert high == pytest.approx(0.025218, abs=2e-6)


@pytest.mark.parametrize("found", [scored([], [0.1]), scored([0.1], [])])
def test_without_pairs_of_both_kinds_there_is_nothing_to_say(found: Scored) -> None:
    for question in (evaluation.area, evaluation.curve, lambda one: evaluation.threshold_for(one, 0.1)):
        with pytest.raises(ValueError, match="Too few photos"):
            question(found)
