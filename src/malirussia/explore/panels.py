"""One call for a panel: indicators of several tables in one tidy frame, one row a country and year, or month.

>>> frame = panel(["un_agreement", "arms_from_moscow", "oda"], years=(1960, 2024))
>>> codebook(frame)  # what each column is, from its name alone: also after merge, pivot and export
>>> references(frame)

The indicators stand in ``indicators.toml``, each a query on one table.
"""

from __future__ import annotations

import tomllib
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from malirussia.collection import Collection
from malirussia.explore.listing import Listing
from malirussia.package import DataError, unknown_name

FREQUENCIES = ("year", "month")
Load = Callable[[str], pd.DataFrame]


@dataclass(frozen=True)
class Indicator:
    """One indicator; its attributes are explained at the top of ``indicators.toml``."""

    name: str
    title: str
    table: str
    value: str
    unit: str
    default: str
    query: str = ""
    suffix: str = ""
    country: str = ""
    total: bool = False
    freq: str = "year"

    @property
    def keys(self) -> list[str]:
        """The columns that name a row: the country, and the year or month."""
        return ["country", self.freq]

    @property
    def column(self) -> str:
        """The name of its column in a panel, with the unit at the end where the name does not say it."""
        return f"{self.name}_{self.suffix}" if self.suffix else self.name

    def rows(self, load: Load) -> pd.DataFrame:
        """Return the rows of its table that it rests on: country, year or month, ``value``, ``source_id``."""
        table = load(self.table)
        if self.country:
            table = table.assign(country=self.country)
        # Worked out before the query: a share needs the rows of the others.
        found = table.assign(value=table.eval(self.value))
        found = found.query(self.query) if self.query else found
        return found[[*self.keys, "value", "source_id"]].astype({"country": "str", "value": "float64"}).dropna()

    def values(self, rows: pd.DataFrame) -> pd.Series:
        """Return one value a country and year or month; raise DataError where the query leaves more."""
        if self.total:
            return rows.groupby(self.keys)["value"].sum()
        if (twice := rows.duplicated(self.keys)).any():
            country, time = rows.loc[twice, self.keys].iloc[0]
            raise DataError(f"indicator {self.name!r}: more than one row for {country} in {_written(time)}")
        return rows.set_index(self.keys)["value"]


@cache
def declared() -> dict[str, Indicator]:
    """Return the indicators by name, as ``indicators.toml`` has them."""
    entries = tomllib.loads(Path(__file__).with_name("indicators.toml").read_text(encoding="utf-8"))
    return {name: Indicator(name, **entry) for name, entry in entries.items()}


def _by_column() -> dict[object, Indicator]:
    return {one.column: one for one in declared().values()}


def _times(freq: str, first: str, last: str) -> list:
    """Return the years, or the first days of the months, from *first* to *last*, dates as ISO writes them."""
    if freq == "year":
        return list(range(int(first[:4]), int(last[:4]) + 1))
    return list(pd.date_range(first[:7], f"{last}-12"[:7], freq="MS"))


def _written(time: int | pd.Timestamp) -> str:
    return f"{time:%Y-%m}" if isinstance(time, pd.Timestamp) else str(time)


def _chosen(names: str | Iterable[str]) -> list[Indicator]:
    """Return the indicators of those names or columns, each once."""
    wanted, known = [names] if isinstance(names, str) else list(names), _by_column() | declared()
    if not wanted:
        raise ValueError("name at least one indicator; indicators() lists them")
    for name in wanted:
        if name not in known:
            raise unknown_name("indicator", name, list(declared()), "indicators()")
    return list(dict.fromkeys(known[name] for name in wanted))


def _missing(collection: Collection, one: Indicator) -> dict[str, str]:
    return collection.package.resource(one.table).get("missingRow") or {"means": "not described", "why": ""}


def _series(collection: Collection, one: Indicator, load: Load) -> pd.Series:
    """Return the values of an indicator; where a missing row means zero, with a zero for it.

    Such zeros are of the period of the table and of all its countries, also of those that the query leaves out.
    """
    values = one.values(one.rows(load))
    if _missing(collection, one)["means"] != "zero":
        return values
    first, _, last = collection.package.resource(one.table)["coverage"]["temporal"].partition("/")
    countries = [one.country] if one.country else load(one.table)["country"].unique()
    covered = [countries, _times(one.freq, first, last or first)]
    return values.reindex(pd.MultiIndex.from_product(covered, names=one.keys), fill_value=0.0)


def panel(
    collection: Collection,
    indicators: str | Iterable[str],
    countries: str | Iterable[str] | None = ("MLI",),
    years: tuple[int, int] | int | None = None,
    freq: str = "year",
) -> pd.DataFrame:
    """Return indicators of several tables in one frame, one row a country and year, or month.

    Moscow is one actor across 1991. The edition or series of each indicator is the one that ``indicators()`` names.

    Parameters
    ----------
    indicators : str or list of str
        Names as ``indicators()`` lists them.
    countries : str or list of str, optional
        ISO3 codes; None for all countries for which an indicator has a value.
    years : (int, int) or int, optional
        First and last year, both included, or one year; by default all that an indicator covers.
    freq : str
        ``year`` or ``month``. An indicator has one of them: nothing is added up or spread out.

    Returns
    -------
    pandas.DataFrame
        ``country``, ``year`` (or ``month``, its first day) and a column of ``float64`` for each indicator, with its
        unit at the end of the name where the name does not say it. A year without a row is 0 where the table says
        that a missing row is zero and covers the year, else NaN. ``codebook()`` and ``references()`` take the frame.

    Raises
    ------
    UnknownNameError
        No such indicator.
    LookupError
        An indicator has nothing for any of the countries and years, or not by that *freq*; the message says what
        there is.

    Warns
    -----
    UserWarning
        An indicator covers a part of the countries or years that were asked for; the message says which.
    """
    load = cache(collection.load)
    chosen = _chosen(indicators)
    if freq not in FREQUENCIES:
        raise ValueError(f"expected freq to be {' or '.join(FREQUENCIES)}, found {freq!r}")
    if other := [one.name for one in chosen if one.freq != freq]:
        offered = ", ".join(one.name for one in declared().values() if one.freq == freq)
        raise LookupError(f"{', '.join(other)}: not by {freq}; by {freq} there is {offered}")
    found = {one: _series(collection, one, load) for one in chosen}
    held = pd.concat([series.index.to_frame(index=False) for series in found.values()])
    there = sorted(held["country"].unique())
    wanted = [countries] if isinstance(countries, str) else list(there if countries is None else countries)
    if nowhere := [country for country in wanted if country not in there]:
        raise LookupError(f"no indicator asked for has {', '.join(nowhere)}; there are {', '.join(there)}")
    years = (years, years) if isinstance(years, int) else years
    first, last = map(str, years) if years else (_written(held[freq].min()), _written(held[freq].max()))
    if not wanted or first > last:
        raise ValueError(f"expected a country and years from first to last, found {wanted} and {(first, last)}")

    index = pd.MultiIndex.from_product([dict.fromkeys(wanted), _times(freq, first, last)], names=["country", freq])
    frame = pd.DataFrame({one.column: series.reindex(index) for one, series in found.items()})
    for one, series in found.items():
        if frame[one.column].isna().all():
            asked = f"{', '.join(wanted)} in {first}–{last}" if first < last else f"{', '.join(wanted)} in {first}"
            of_them = series[series.index.isin(wanted, level="country")]
            what = "; ".join(_spans(of_them if len(of_them) else series))
            raise LookupError(f"{one.name} has nothing for {asked}; it has {what}")
    notes = [_gaps(frame[one.column], series, countries is None, years is None) for one, series in found.items()]
    if any(notes):
        warnings.warn("\n".join(["NaN where an indicator has nothing; it has:", *filter(None, notes)]), stacklevel=2)
    return frame.reset_index()


def _gaps(column: pd.Series, held: pd.Series, any_country: bool, any_year: bool) -> str:
    """Say what there is where an indicator does not fill what was asked for; not of what was left to it."""
    lacking = column.isna().groupby("country").any()
    absent = column.index.unique("country").difference(held.index.unique("country"), sort=False)
    parts = [f"nothing for {', '.join(absent)}"] if len(absent) and not any_country else []
    if not any_year:
        parts += _spans(held[[lacking.get(country, False) for country in held.index.get_level_values("country")]])
    return f"{column.name}: {'; '.join(parts)}" if parts else ""


def _spans(held: pd.Series) -> list[str]:
    """Say which countries, or how many, have values in which years: ``BFA, NER 2012–2024``."""
    spans: dict[str, list[str]] = {}
    freq = held.index.names[1]
    for country, times in held.index.to_frame(index=False).groupby("country")[freq]:
        first, last = _written(times.min()), _written(times.max())
        span = f"{first}–{last}" if len(times) > 1 else first
        whole = len(times) == len(_times(freq, first, last))
        spans.setdefault(span if whole else f"{span} ({len(times)} {freq}s)", []).append(str(country))
    few = {span: ", ".join(codes) if len(codes) <= 12 else f"{len(codes)} countries" for span, codes in spans.items()}
    return [f"{countries} {span}" for span, countries in few.items()]


def indicators(collection: Collection) -> pd.DataFrame:
    """Return what ``panel()`` can give, one row an indicator.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``title``, ``unit``, ``freq`` (year or month), ``table``, ``first_year``, ``last_year``,
        ``countries`` (ISO3 codes) and ``default``: which edition or series it is, why, and what else the table has.
    """
    columns = ["indicator", "title", "unit", "freq", "table", "first_year", "last_year", "countries", "default"]
    return Listing.of(pd.DataFrame(_entries(collection, declared().values()), columns=columns), collection.language)


def codebook(collection: Collection, columns: pd.DataFrame | str | Iterable[str]) -> pd.DataFrame:
    """Return what the columns of a panel are, one row a column.

    Parameters
    ----------
    columns : pandas.DataFrame, str or list of str
        A panel, or what became of it: columns are known by their names, in every level after a pivot, and others are
        left out. Or names of columns or indicators.

    Returns
    -------
    pandas.DataFrame
        ``column``, ``indicator``, ``title``, ``unit``, ``freq``, ``table``, ``value`` and ``query`` (how the
        table is read), ``first_year``, ``last_year`` and ``countries`` that there are, ``missing`` (what a missing row
        of the table means), ``default`` (which series and why) and ``source_id``: each indicator is one series, of
        one source or of several that stand in a row with spaces between.

    Raises
    ------
    UnknownNameError
        A name is no indicator.
    ValueError
        No column of the frame is one.
    """
    if isinstance(columns, pd.DataFrame):
        if not (held := _held(columns)):
            raise ValueError(f"no column is of a panel; there are {', '.join(map(str, columns.columns[:8]))}")
    else:
        held = _chosen(columns)
    return Listing.of(pd.DataFrame(_entries(collection, held)), collection.language)


def is_indicator(label: object) -> bool:
    """Say whether a column of that name is one of a panel."""
    return label in _by_column()


def panel_sources(collection: Collection, item: object) -> list[str]:
    """Return the ids of the sources of the columns of a panel in *item*, none where there are no such columns."""
    if not isinstance(item, pd.DataFrame) or not _held(item):
        return []
    ids = codebook(collection, item)["source_id"].str.split(" ").explode()
    return ids.unique().tolist()


def _entries(collection: Collection, chosen: Iterable[Indicator]) -> Iterator[dict]:
    """Yield the lines of a codebook; what is looked up here does not count as used in a notebook."""
    load = cache(collection.package.load)
    for one in chosen:
        series, missing = _series(collection, one, load), _missing(collection, one)
        times = series.index.get_level_values(one.freq)
        yield {
            "column": one.column,
            "indicator": one.name,
            "title": one.title,
            "unit": one.unit,
            "freq": one.freq,
            "table": one.table,
            "value": one.value,
            "query": one.query,
            "first_year": int(_written(times.min())[:4]),
            "last_year": int(_written(times.max())[:4]),
            "countries": " ".join(sorted(series.index.unique("country"))),
            "missing": f"{missing['means']}: {missing['why']}",
            "default": one.default,
            "source_id": " ".join(one.rows(load)["source_id"].unique()),
        }


def _held(frame: pd.DataFrame) -> list[Indicator]:
    """Return the indicators among the columns of *frame*, in any level of them."""
    levels = (frame.columns.get_level_values(level) for level in range(frame.columns.nlevels))
    labels, known = dict.fromkeys(label for level in levels for label in level), _by_column()
    return [known[label] for label in labels if label in known]
