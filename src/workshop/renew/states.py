"""One code a state, whatever a publisher calls it: ISO 3166 alpha-3, from country_converter and our exceptions.

Moscow is RUS at all times, as in every table. Other states that are gone have the code that ISO gave them (CSK, DDR,
YUG, YMD, VDR), Zanzibar that of country_converter (EAZ).
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from malirussia.package import DataError

if TYPE_CHECKING:
    from country_converter import CountryConverter

# Where country_converter knows no state, or files one that is gone under its successor.
GONE = {265: "DDR", 315: "CSK", 316: "CZE", 345: "YUG", 511: "EAZ", 678: "YEM", 680: "YMD", 816: "VNM", 817: "VDR"}
EXCEPTIONS: dict[str, dict] = {
    "gw": GONE | {327: "VAT"},  # UCDP counts the Vatican, under the number of the Papal States
    # Correlates of War has numbers of its own for united Germany and Yemen, and for four islands.
    "cow": GONE | {255: "DEU", 679: "YEM", 946: "KIR", 947: "TUV", 955: "TON", 970: "NRU"},
    "iso2": {"CS": "CSK", "DD": "DDR", "GB": "GBR", "GR": "GRC", "SU": "RUS", "YD": "YMD", "YU": "YUG"},
    # Codes of publishers that look like ISO: the World Bank's of old, and Natural Earth's of Western Sahara.
    "iso3": {"KSV": "XKX", "ROM": "ROU", "SAH": "ESH", "SUN": "RUS", "TMP": "TLS", "WBG": "PSE", "ZAR": "COD"},
    "name": {
        "Czechoslovakia": "CSK",
        "East Germany": "DDR",
        "German Democratic Republic": "DDR",
        "Republic of Vietnam": "VDR",
        "Soviet Union": "RUS",
        "USSR": "RUS",
        "Yemen People's Republic": "YMD",
        "Yugoslavia": "YUG",
        "Zanzibar": "EAZ",
    },
}
COLUMNS = {"gw": "GWcode", "cow": "GWcode", "iso2": "ISO2", "iso3": "ISO3"}
SERBIA = 2006  # from when number 345 of Correlates of War is Serbia alone


@cache
def _converter() -> CountryConverter:
    import country_converter

    logging.getLogger("country_converter").setLevel(logging.ERROR)
    path = country_converter.country_converter.COUNTRY_DATA_FILE
    # Read here: with pandas 3 its own reader takes the NA of Namibia for a missing cell.
    table = pd.read_csv(path, sep="\t", keep_default_na=False, na_values=[""], dtype={"ISO2": "str"})
    return country_converter.CountryConverter(country_data=table)


@cache
def _codes(system: str) -> dict:
    table = _converter().data.dropna(subset=COLUMNS[system])
    keys = table[COLUMNS[system]]
    known = dict(zip(keys.astype(int) if COLUMNS[system] == "GWcode" else keys, table["ISO3"], strict=True))
    return known | EXCEPTIONS[system]


@cache
def _named(name: str) -> str | None:
    found = _converter().convert(name, src="regex", to="ISO3", not_found=None)
    return EXCEPTIONS["name"].get(name) or (found if isinstance(found, str) and found != name else None)


def iso3(values: pd.Series, system: str, years: pd.Series | None = None) -> pd.Series:
    """Return the ISO 3166 alpha-3 code of every state.

    Parameters
    ----------
    values : pandas.Series
        What a publisher calls the states; a missing cell stays missing.
    system : str
        gw or cow (numbers of Gleditsch and Ward, of Correlates of War), iso2, iso3 (also what publishers write like
        it) or name (English, as the World Bank, the United Nations, SIPRI and UCDP spell them).
    years : pandas.Series, optional
        The year of each; needed only for number 345 of Correlates of War, Yugoslavia and later Serbia.

    Returns
    -------
    pandas.Series

    Raises
    ------
    DataError
        A value is no state of that system; the message names all of them.
    """
    unique = values.dropna().unique()
    known = {value: _named(value) for value in unique} if system == "name" else _codes(system)
    if unknown := sorted(str(value) for value in unique if not known.get(value)):
        raise DataError(f"expected states in the code system {system!r}, found {', '.join(unknown)}")
    codes = values.map(known)
    if system == "cow" and years is not None:
        codes = codes.mask(codes.eq("YUG") & years.ge(SERBIA), "SRB")
    return codes


@cache
def african_states() -> frozenset[str]:
    """Return the ISO 3166 alpha-3 codes of the 54 African members of the United Nations."""
    table = _converter().data
    return frozenset(table.loc[table["continent"].eq("Africa") & table["UNmember"].notna(), "ISO3"])


def mali_among_african(values: pd.DataFrame) -> pd.DataFrame:
    """Return where Mali stands among the African states, for a source that lets nobody pass on the values of all.

    Parameters
    ----------
    values : pandas.DataFrame
        ``country`` (ISO3), ``year`` and ``value``, one row a country and year; other states are left out.

    Returns
    -------
    pandas.DataFrame
        One row a year in which Mali has a value: ``year``, ``states`` (those with a value, Mali included),
        ``first_quartile``, ``median``, ``third_quartile``, ``mali`` and ``mali_rank``, 1 the highest.
    """
    africa = values[values["country"].isin(african_states())].dropna(subset="value")
    wide = africa.pivot(index="year", columns="country", values="value").dropna(subset="MLI")
    quartiles = {"first_quartile": 0.25, "median": 0.5, "third_quartile": 0.75}
    table = pd.DataFrame({"states": wide.count(axis="columns")})
    table = table.assign(**{name: wide.quantile(at, axis="columns") for name, at in quartiles.items()})
    ranks = wide.rank(axis="columns", ascending=False, method="min")["MLI"].astype(int)
    return table.assign(mali=wide["MLI"], mali_rank=ranks).reset_index()
