"""Uniformed staff of MINUSMA, means of years."""

import pandas as pd

# The file lacks months of 2013, 2017 and 2021: their means are too low.
YEARS = [2014, 2015, 2016, 2018, 2019, 2020]


def clean(raw):
    """Return the rows of the United Nations in ``military_foreign_forces``."""
    rows = raw.read("CountryByYear.csv", ["Year", "Country", "Mission", "Total"])
    rows = rows[(rows["Mission"] == "MINUSMA") & rows["Year"].isin(YEARS)]
    russia = rows[rows["Country"] == "Russian Federation"]
    parts = [
        _means(rows, "", "uniformed", "all contributors"),
        _means(russia, "-rus", "uniformed, from Russia", "Russian Federation"),
    ]
    return {"military_foreign_forces": pd.concat(parts)}


def _means(rows, suffix, component, contributors):
    persons = rows.groupby("Year")["Total"].sum()
    year = persons.index.to_series().astype(str)
    where = "contributions to MINUSMA by country and month, " + year + f", {contributors}"
    return pd.DataFrame(
        {
            "row_id": "minusma-mean-" + year + suffix,
            "actor": "UN",
            "historical_state": pd.NA,
            "force": "MINUSMA",
            "scope": "MLI",
            "component": component,
            "date": pd.to_datetime(year + "-01-01"),
            "date_precision": "year",
            "span": "mean of the year",
            "persons": persons,
            "qualifier": "exact",
            "confidence": "high",
            "note": pd.NA,
            "source_id": "un-tcc",
            "locator": where + "; mean of twelve months",
        }
    )
