"""Mali's main partners, and what donors committed to Africa, from the text of the World Factbook."""

import pandas as pd

COUNTRIES = "countries.csv"
FIELDS = "country_fields_{}.sql.gz"
PARTNER_EDITIONS, AID_EDITIONS = range(1999, 2026), [1991, 1992]
# A share in the text: name, percent; and the year of all of them.
SHARE = r"([A-Z][A-Za-z' ]*?) (\d+(?:\.\d+)?)%"
YEAR = r"\((\d{4})[^)]*\)"
PARTNERS = {
    "Australia": "AUS", "Bangladesh": "BGD", "Benelux": None, "Benin": "BEN", "Brazil": "BRA", "Burkina Faso": "BFA",
    "Canada": "CAN", "China": "CHN", "Cote d'Ivoire": "CIV", "Denmark": "DNK", "France": "FRA", "Germany": "DEU",
    "India": "IND", "Indonesia": "IDN", "Italy": "ITA", "Malaysia": "MYS", "Morocco": "MAR", "Pakistan": "PAK",
    "Portugal": "PRT", "Senegal": "SEN", "South Africa": "ZAF", "South Korea": "KOR", "Spain": "ESP",
    "Switzerland": "CHE", "Taiwan": "TWN", "Thailand": "THA", "Turkey": "TUR", "UAE": "ARE", "UK": "GBR",
    "Uganda": "UGA", "Ukraine": "UKR",
}  # fmt: skip
SPELLINGS = {"Cote dIvoire": "Cote d'Ivoire", "United Arab Emirates": "UAE"}
# After the name of a group: first and last year, dollars and their unit.
AMOUNT = r"[^$;]*?\((?:FY)?(?:19)?(\d\d)-(\d\d)\),? \$([\d,.]+) +(million|billion)"
DONORS = {
    "usa": "US commitments",
    "other_west": r"Western \(non-US\)",
    "opec": "OPEC bilateral aid",
    "communist": "Communist countries",
}
AFRICA = {
    "Algeria": "DZA", "Angola": "AGO", "Benin": "BEN", "Botswana": "BWA", "Burkina Faso": "BFA", "Burundi": "BDI",
    "Cabo Verde": "CPV", "Cameroon": "CMR", "Central African Republic": "CAF", "Chad": "TCD", "Comoros": "COM",
    "Congo, Democratic Republic of the": "COD", "Congo, Republic of the": "COG", "Cote d'Ivoire": "CIV",
    "Djibouti": "DJI", "Egypt": "EGY", "Equatorial Guinea": "GNQ", "Eswatini": "SWZ", "Ethiopia": "ETH",
    "Gabon": "GAB", "Gambia, The": "GMB", "Ghana": "GHA", "Guinea": "GIN", "Guinea-Bissau": "GNB", "Kenya": "KEN",
    "Lesotho": "LSO", "Liberia": "LBR", "Libya": "LBY", "Madagascar": "MDG", "Malawi": "MWI", "Mali": "MLI",
    "Mauritania": "MRT", "Mauritius": "MUS", "Morocco": "MAR", "Mozambique": "MOZ", "Namibia": "NAM", "Niger": "NER",
    "Nigeria": "NGA", "Rwanda": "RWA", "Sao Tome and Principe": "STP", "Senegal": "SEN", "Seychelles": "SYC",
    "Sierra Leone": "SLE", "Somalia": "SOM", "Sudan": "SDN", "Tanzania": "TZA", "Togo": "TGO", "Tunisia": "TUN",
    "Uganda": "UGA", "Zambia": "ZMB", "Zimbabwe": "ZWE",
}  # fmt: skip
FORMERLY = {
    "Burkina": "Burkina Faso",
    "Cape Verde": "Cabo Verde",
    "Congo": "Congo, Republic of the",
    "Ivory Coast": "Cote d'Ivoire",
    "Swaziland": "Eswatini",
    "The Gambia": "Gambia, The",
    "Zaire": "Congo, Democratic Republic of the",
}
TOO_HIGH = "More than ten times the sum of its neighbours in every edition: probably a slip of the source"
OFF = "About ten or a hundred times off the edition of 1991 ({}): probably a slip of the source"
DOUBTS = {
    (1991, "BDI", "other_west"): TOO_HIGH,
    (1992, "BDI", "other_west"): TOO_HIGH,
    (1992, "DZA", "other_west"): OFF.format(8500),
    (1992, "ZMB", "usa"): OFF.format(484),
}


def clean(raw):
    """Return the rows of ``trade_partner_factbook`` and ``aid_africa_commitments``."""
    countries = raw.read(COUNTRIES, ["CountryID", "Name"])
    names = countries.set_index("CountryID")["Name"].str.strip()
    return {"trade_partner_factbook": _partners(raw, names), "aid_africa_commitments": _commitments(raw, names)}


def _texts(raw, names, edition):
    """Return country, field and content of one edition."""
    rows = raw.read(FIELDS.format(edition), ["CountryID", "FieldName", "Content"])
    return rows.assign(country=rows["CountryID"].astype(int).map(names))


def _partners(raw, names):
    parts = []
    for edition in PARTNER_EDITIONS:
        rows = _texts(raw, names, edition)
        rows = rows[(rows["country"] == "Mali") & rows["FieldName"].str.contains("partners")]
        flow = rows["FieldName"].str.split("-").str[0].str.strip()
        rows = rows.assign(flow=flow, year=rows["Content"].str.extract(YEAR)[0].astype(int))
        shares = rows["Content"].str.extractall(SHARE).set_axis(["partner_name", "share_pct"], axis="columns")
        parts.append(rows[["flow", "year"]].join(shares.droplevel(1), how="inner").assign(edition=edition))
    table = pd.concat(parts).replace({"partner_name": SPELLINGS}).astype({"share_pct": float})
    table = table.assign(
        partner=table["partner_name"].map(PARTNERS),
        source_id="cia-factbook",
        locator="edition " + table["edition"].astype(str) + ", Mali, Economy, " + table["flow"] + " - partners",
        flow=table["flow"].str.lower(),
    )
    # Editions repeat a year: the first that prints a partner is kept.
    table = table.drop_duplicates(["year", "flow", "partner_name"])
    return table[["year", "flow", "partner", "partner_name", "share_pct", "edition", "source_id", "locator"]]


def _commitments(raw, names):
    parts = []
    for edition in AID_EDITIONS:
        rows = _texts(raw, names, edition)
        rows = rows.assign(name=rows["country"].replace(FORMERLY))
        rows = rows[rows["name"].isin(list(AFRICA)) & rows["Content"].str.contains("ommitments")]
        for group, words in DONORS.items():
            amounts = rows["Content"].str.extract(words + AMOUNT).dropna()
            amounts.columns = ["start_year", "end_year", "value_musd", "unit"]
            parts.append(amounts.join(rows["name"]).assign(edition=edition, donor_group=group))
    table = pd.concat(parts)
    country = table["name"].map(AFRICA)
    notes = [DOUBTS.get(key) for key in zip(table["edition"], country, table["donor_group"], strict=True)]
    table = table.assign(
        country=country,
        start_year=1900 + table["start_year"].astype(int),
        end_year=1900 + table["end_year"].astype(int),
        value_musd=table["value_musd"].str.replace(",", "").astype(float)
        * table["unit"].map({"million": 1, "billion": 1000}),
        doubtful=[note is not None for note in notes],
        source_id="cia-factbook-1990s",
        locator="The World Factbook " + table["edition"].astype(str) + ", " + table["name"] + ", Economy, Aid",
        note=notes,
    )
    columns = ["edition", "country", "donor_group", "start_year", "end_year", "value_musd", "doubtful", "source_id"]
    return table[[*columns, "locator", "note"]]
