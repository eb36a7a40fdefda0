"""One code a state: every system that a publisher uses, states that are gone, and what is no state."""

from __future__ import annotations

import pandas as pd
import pytest

from malirussia.package import DataError

pytest.importorskip("country_converter")

import country_converter

from workshop.check.sense import STATES
from workshop.renew.states import african_states, iso3, mali_among_african


def test_the_states_that_rules_know_are_those_of_the_converter():
    path = country_converter.country_converter.COUNTRY_DATA_FILE
    listed = pd.read_csv(path, sep="\t", keep_default_na=False, dtype="str")[["ISO3", "obsolete"]]
    known = pd.read_csv(STATES, keep_default_na=False, dtype="str", comment="#")
    years = listed["obsolete"].str.removesuffix(".0")
    assert dict(zip(listed["ISO3"], years, strict=True)) == dict(zip(known["code"], known["end"], strict=True))


@pytest.mark.parametrize(
    ("system", "values", "codes"),
    [
        ("gw", [432, 530, 531, 626, 651], "MLI ETH ERI SSD EGY"),
        ("gw", [260, 265, 315, 316, 345, 340], "DEU DDR CSK CZE YUG SRB"),
        ("gw", [678, 680, 816, 817, 365, 511], "YEM YMD VNM VDR RUS EAZ"),
        ("gw", [970, 971, 972, 973], "KIR NRU TON TUV"),
        ("cow", [255, 260, 679, 946, 947, 955, 970], "DEU DEU YEM KIR TUV TON NRU"),
        ("iso2", ["NA", "ML", "GB", "GR", "SU", "YD", "DD"], "NAM MLI GBR GRC RUS YMD DDR"),
        ("iso3", ["NAM", "SAH", "ZAR", "SUN", "MLI"], "NAM ESH COD RUS MLI"),
        ("name", ["Congo, Dem. Rep.", "DR Congo (Zaire)", "Democratic Republic of Congo"], "COD COD COD"),
        ("name", ["Congo", "Congo, Rep.", "Congo, Republic"], "COG COG COG"),
        ("name", ["Egypt, Arab Rep.", "Gambia, The", "Somalia, Fed. Rep.", "Cape Verde"], "EGY GMB SOM CPV"),
        ("name", ["Kingdom of eSwatini (Swaziland)", "Zimbabwe (Rhodesia)", "Ivory Coast"], "SWZ ZWE CIV"),
        ("name", ["USSR", "Russian Federation", "Zanzibar", "Western Sahara"], "RUS RUS EAZ ESH"),
        ("name", ["Niger", "Nigeria", "Guinea", "Guinea-Bissau", "Equatorial Guinea"], "NER NGA GIN GNB GNQ"),
        ("name", ["Sudan", "South Sudan", "Mali", "Malawi", "Mauritius"], "SDN SSD MLI MWI MUS"),
    ],
)  # fmt: skip
def test_a_state_has_one_code(system, values, codes):
    assert iso3(pd.Series(values), system).tolist() == codes.split()


def test_a_missing_state_stays_missing():
    assert iso3(pd.Series(["Mali", None]), "name").isna().tolist() == [False, True]


def test_the_number_of_yugoslavia_is_that_of_serbia_later():
    found = iso3(pd.Series([345, 345, 432]), "cow", years=pd.Series([2005, 2006, 2006]))
    assert found.tolist() == ["YUG", "SRB", "MLI"]


@pytest.mark.parametrize(
    ("system", "value"), [("name", "Sub-Saharan Africa"), ("gw", 999), ("iso2", "XX"), ("iso3", "AFE")]
)
def test_what_is_no_state_is_an_error_that_names_it(system, value):
    with pytest.raises(DataError, match=str(value)):
        iso3(pd.Series([value, *(["Mali"] if system == "name" else [])]), system)


def test_africa_has_54_states():
    africa = african_states()
    assert len(africa) == 54
    assert {"NAM", "SSD", "ERI", "EGY", "STP", "SYC", "MUS"} <= africa
    assert not {"ESH", "EAZ", "REU", "MYT", "FRA", "YEM"} & africa


def test_mali_has_its_place_among_the_african_states_with_a_value():
    rows = [("MLI", 2000, 3.0), ("TCD", 2000, 3.0), ("EGY", 2000, 5.0), ("NER", 2000, None), ("FRA", 2000, 9.0)]
    values = pd.DataFrame([*rows, ("TCD", 2001, 1.0)], columns=["country", "year", "value"])
    (row,) = mali_among_african(values).to_dict("records")
    assert row == {
        **{"year": 2000, "states": 3, "first_quartile": 3, "median": 3, "third_quartile": 4},
        **{"mali": 3, "mali_rank": 2},
    }
