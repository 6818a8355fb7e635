"""Where the organisation's days begin."""

import pytest

from rapport.web.config import BadSetting, load_config


def _config(tmp_path, **env):
    return load_config({"DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 50, **env})


@pytest.mark.parametrize(("given", "zone"), [(None, "UTC"), ("", "UTC"), ("Europe/Prague", "Europe/Prague")])
def test_the_time_zone_is_utc_unless_one_is_named(tmp_path, given, zone):
    assert _config(tmp_path, **({} if given is None else {"TIME_ZONE": given})).time_zone == zone


@pytest.mark.parametrize("name", ["Prague", "Europe", "/etc/passwd", "../UTC", "CEST+2"])
def test_a_wrong_time_zone_stops_the_start(tmp_path, name):
    with pytest.raises(BadSetting, match="TIME_ZONE must name a time zone such as Europe/Prague"):
        _config(tmp_path, TIME_ZONE=name)
