"""Trade of three states of the Sahel with Moscow, both sides; Russia's African markets; two records of one flow."""

import pandas as pd

SOURCE, EDITION = "imf-dots-2022", "2022-02"
STATES = {"MLI": ("Mali", 122), "BFA": ("Burkina Faso", 31), "NER": ("Niger", 145)}
MOSCOW = {"RUS": ("Russian Federation", 162), "SUN": ("USSR", 203)}
# Sheet: the words of its locator, and valuation.
SHEETS = {
    "Exports, FOB": ("Exports (f.o.b.)", "fob"),
    "Imports, CIF": ("Imports (c.i.f.)", "cif"),
}
# Flow as the African country sees it: its own sheet, and that of the other side.
FLOWS = {"imports": ("Imports, CIF", "Exports, FOB"), "exports": ("Exports, FOB", "Imports, CIF")}
NAME = "Unnamed: 1"  # the column of partners has no heading
OWN_ESTIMATE = ("BFA", 1986)  # the one estimate of Soviet trade that is not made from the partner's figure
NO_REPORT = [2009, 2013, 2014, 2015, 2020]  # of Mali in UN Comtrade
# Niger repeats what Russia says under the name of the USSR.
REPEATED = "country == 'NER' and reporter == 'NER' and historical_state == 'SUN' and year >= 1992"
MARKETS_FROM = 2014
MIRROR_FROM = 2000
UNREPORTED = "UN Comtrade holds no report of Mali for the year: what this figure rests on is not known"
AFRICA = (
    "Algeria; Angola; Benin; Botswana; Burkina Faso; Burundi; Cabo Verde; Cameroon; Central African Rep.; Chad; "
    "Comoros, Union of the; Congo, Dem. Rep. of the; Congo, Rep. of; Côte d'Ivoire; Djibouti; Egypt, Arab Rep. of; "
    "Equatorial Guinea, Rep. of; Eritrea, The State of; Eswatini, Kingdom of; Ethiopia, The Federal Dem. Rep. of; "
    "Gabon; Gambia, The; Ghana; Guinea; Guinea-Bissau; Kenya; Lesotho, Kingdom of; Liberia; Libya; Madagascar, Rep. "
    "of; Malawi; Mali; Mauritania, Islamic Rep. of; Mauritius; Morocco; Mozambique, Rep. of; Namibia; Niger; Nigeria; "
    "Rwanda; Senegal; Seychelles; Sierra Leone; Somalia; South Africa; South Sudan, Rep. of; Sudan; São Tomé and "
    "Príncipe, Dem. Rep. of; Tanzania, United Rep. of; Togo; Tunisia; Uganda; Zambia; Zimbabwe"
).split("; ")


def clean(raw):
    """Return the rows of the IMF to 2020 in the tables of trade."""
    dyads = _dyads(raw)
    return {"trade_dyad_annual": _annual(dyads), "trade_mirror": _mirror(dyads), "trade_russia_markets": _markets(raw)}


def _sheet(raw, code, sheet):
    """Return partner, year, million dollars and whether the Fund marks the value as an estimate (e)."""
    rows = raw.read(f"DOTS_{code}.xlsx", [NAME], others=True, sheet_name=sheet, header=6)
    rows = rows.drop(columns="Unnamed: 0").dropna(subset=NAME)
    rows = rows.melt(NAME, var_name="year", value_name="cell").dropna(subset="cell").astype({"cell": str})
    return pd.DataFrame(
        {
            "partner": rows[NAME].str.strip(),
            "year": rows["year"].astype(int),
            "value_musd": pd.to_numeric(rows["cell"].str.removesuffix(" e").str.replace(",", "")),
            "estimate": rows["cell"].str.endswith(" e"),
        }
    )


def _dyads(raw):
    parts = []
    for country, (name, code) in STATES.items():
        for flow, (own, turned) in FLOWS.items():
            if flow == "exports" and country != "MLI":
                continue
            for state, (moscow, moscow_code) in MOSCOW.items():
                sides = {country: (code, own, name, moscow), "RUS": (moscow_code, turned, moscow, name)}
                for reporter, side in sides.items():
                    rows = _side(raw, *side)
                    parts.append(rows.assign(country=country, flow=flow, reporter=reporter, historical_state=state))
    table = pd.concat(parts, ignore_index=True)
    return table.drop(table.query(REPEATED).index)


def _side(raw, code, sheet, reporter, partner):
    rows = _sheet(raw, code, sheet)
    rows = rows[rows["partner"] == partner]
    words, valuation = SHEETS[sheet]
    where = f"{words}, reporter {reporter}, partner {partner}, " + rows["year"].astype(str)
    return rows.assign(valuation=valuation, locator=where)


def _annual(dyads):
    table = dyads.assign(
        partner="RUS",
        dataset="DOTS",
        edition=EDITION,
        estimate_kind=dyads["estimate"].map({True: "flagged", False: "none"}),
        source_id=SOURCE,
        note=[_note(row) for row in dyads.itertuples()],
    )
    names = ["year", "country", "partner", "historical_state", "flow", "reporter", "dataset", "edition", "value_musd"]
    return table[[*names, "valuation", "estimate", "estimate_kind", "source_id", "locator", "note"]]


def _note(row):
    moscow_says = row.reporter == "RUS"
    if row.estimate and moscow_says and (row.country, row.year) != OWN_ESTIMATE:
        step = "divided by 1.10" if row.flow == "imports" else "times 1.10"
        return f"the figure of {STATES[row.country][0]} {step}"
    if row.estimate and row.historical_state == "RUS":
        return "the figure of Russia " + ("times 1.10" if row.flow == "imports" else "divided by 1.10")
    if row.reporter == "BFA" and row.historical_state == "SUN" and row.year >= 1992:
        return "Burkina Faso went on booking this trade under the USSR"
    if row.reporter == "MLI" and row.year in NO_REPORT:
        return "UN Comtrade holds no report of Mali for this year"
    return None


def _mirror(dyads):
    """Put both records of a flow of Mali side by side, in the years in which neither is an estimate."""
    rows = dyads[(dyads["country"] == "MLI") & (dyads["year"] >= MIRROR_FROM) & ~dyads["estimate"]]
    parts = []
    for flow, name, exporter in [("exports", "mli_to_rus", "MLI"), ("imports", "rus_to_mli", "RUS")]:
        sides = rows[rows["flow"] == flow]
        sent = sides["reporter"] == exporter
        both = sides[sent].merge(sides[~sent], on="year", suffixes=("_sent", "_got"))
        mali_buys = exporter == "RUS"  # only Mali's reports were looked up
        missing = both["year"].isin(NO_REPORT)
        parts.append(
            pd.DataFrame(
                {
                    "scope": "dyad",
                    "year": both["year"],
                    "flow": name,
                    "exporter_musd": both["value_musd_sent"],
                    "importer_musd": both["value_musd_got"],
                    "importer_low_musd": both["value_musd_got"],
                    "importer_high_musd": both["value_musd_got"],
                    "importer_reported": missing.map({True: "no", False: "yes"}) if mali_buys else "not_checked",
                    "source_id": SOURCE,
                    "source_id_2": SOURCE,
                    "locator": "exporter: " + both["locator_sent"] + "; importer: " + both["locator_got"],
                    "note": (missing & mali_buys).map({True: UNREPORTED, False: None}),
                }
            )
        )
    return pd.concat(parts)


def _markets(raw):
    rows = _sheet(raw, MOSCOW["RUS"][1], "Exports, FOB")
    rows = rows[rows["partner"].isin(AFRICA) & (rows["year"] >= MARKETS_FROM) & (rows["value_musd"] > 0)]
    years = rows.groupby("year")["value_musd"]
    where = "Exports (f.o.b.), reporter Russian Federation, partners: 54 African states, "
    table = rows.assign(
        country=rows["partner"].map({name: code for code, (name, _) in STATES.items()}),
        rank=years.rank(ascending=False, method="min"),
        markets_n=years.transform("size"),
        africa_musd=years.transform("sum"),
        dataset="DOTS",
        edition=EDITION,
        source_id=SOURCE,
        locator=where + rows["year"].astype(str),
    ).dropna(subset="country")
    names = ["year", "country", "dataset", "edition", "value_musd", "rank", "markets_n", "africa_musd", "source_id"]
    return table[[*names, "locator"]]
