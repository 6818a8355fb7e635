import datetime as dt
import random
from collections import Counter

from rapport.testing.calendar import plan_moments

END = dt.datetime(2026, 5, 20, 18, 0, tzinfo=dt.UTC)


def test_moments_are_in_order_and_end_before_the_present():
    moments = plan_moments(random.Random(1), END, days=90, count=400, spike_days_ago=18)
    assert len(moments) == 400
    assert moments == sorted(moments)
    assert END - dt.timedelta(days=90) <= moments[0]
    assert moments[-1] < END


def test_there_is_growth_a_quiet_weekend_and_one_bad_day():
    moments = plan_moments(random.Random(1), END, days=90, count=20_000, spike_days_ago=18)
    days = Counter(m.date() for m in moments)
    bad = (END - dt.timedelta(days=18)).date()
    assert days.most_common(1)[0][0] == bad
    by_weekday = Counter(m.weekday() for m in moments if m.date() != bad)
    assert by_weekday[5] < 0.7 * by_weekday[0]
    middle = END - dt.timedelta(days=45)
    assert sum(m > middle for m in moments) > 1.2 * sum(m <= middle for m in moments)
