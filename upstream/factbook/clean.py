"""Mali's main partners, and what donors committed to Africa, from the text of the World Factbook."""

import re

import pandas as pd

COUNTRIES = "countries.csv"
FIELDS = "country_fields_{}.sql.gz"
PARTNER_EDITIONS, AID_EDITIONS = range(1999, 2026), [1991, 1992]
# A share in the text: name, percent.
SHARE = re.compile(r"([A-Z][A-Za-z' ]*?) (\d+(?:\.\d+)?)%")
YEAR = re.compile(r"\((\d{4})[^)]*\)")
PARTNERS = {
    "Australia": "AUS", "Bangladesh": "BGD", "Benelux": None, "Benin": "BEN", "Brazil": "BRA", "Burkina Faso": "BFA",
    "Canada": "CAN", "China": "CHN", "Cote d'Ivoire": "CIV", "Denmark": "DNK", "France": "FRA", "Germany": "DEU",
    "India": "IND", "Indonesia": "IDN", "Italy": "ITA", "Malaysia": "MYS", "Morocco": "MAR", "Pakistan": "PAK",
    "Portugal": "PRT", "Senegal": "SEN", "South Africa": "ZAF", "South Korea": "KOR", "Spain": "ESP",
    "Switzerland": "CHE", "Taiwan": "TWN", "Thailand": "THA", "Turkey": "TUR", "UAE": "ARE", "UK": "GBR",
    "Uganda": "UGA", "Ukraine": "UKR",
}  # fmt: skip
SPELLINGS = {"Cote dIvoire": "Cote d'Ivoire", "United Arab Emirates": "UAE"}
AMOUNT = r"[^$;]*?\((?:FY)?(?:19)?(\d\d)-(\d\d)\),? \$([\d,.]+) +(million|billion)"
DONORS = {
    "usa": re.compile("US commitments" + AMOUNT),
    "other_west": re.compile(r"Western \(non-US\)" + AMOUNT),
    "opec": re.compile("OPEC bilateral aid" + AMOUNT),
    "communist": re.compile("Communist countries" + AMOUNT),
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
    found = []
    for edition in PARTNER_EDITIONS:
        rows = _texts(raw, names, edition)
        rows = rows[(rows["country"] == "Mali") & rows["FieldName"].str.contains("partners")]
        for field, text in rows[["FieldName", "Content"]].itertuples(index=False):
            flow = field.split("-")[0].strip()
            year = int(YEAR.search(text)[1])
            for name, share in SHARE.findall(text):
                name = SPELLINGS.get(name, name)
                where = f"edition {edition}, Mali, Economy, {flow} - partners"
                found.append((year, flow.lower(), PARTNERS[name], name, float(share), edition, "cia-factbook", where))
    columns = ["year", "flow", "partner", "partner_name", "share_pct", "edition", "source_id", "locator"]
    # Editions repeat a year: the first that prints a partner is kept.
    return pd.DataFrame(found, columns=columns).drop_duplicates(["year", "flow", "partner_name"])


def _commitments(raw, names):
    found = []
    for edition in AID_EDITIONS:
        rows = _texts(raw, names, edition)
        rows = rows.assign(country=rows["country"].replace(FORMERLY))
        rows = rows[rows["country"].isin(list(AFRICA)) & rows["Content"].str.contains("ommitments")]
        for name, text in rows[["country", "Content"]].itertuples(index=False):
            for group, pattern in DONORS.items():
                if amount := pattern.search(text):
                    found.append((edition, name, AFRICA[name], group, *_amount(amount)))
    columns = ["edition", "name", "country", "donor_group", "start_year", "end_year", "value_musd"]
    table = pd.DataFrame(found, columns=columns)
    notes = [DOUBTS.get(key) for key in zip(table["edition"], table["country"], table["donor_group"], strict=True)]
    where = "The World Factbook " + table["edition"].astype(str) + ", " + table["name"] + ", Economy, Aid"
    table = table.assign(
        doubtful=[note is not None for note in notes], source_id="cia-factbook-1990s", locator=where, note=notes
    )
    return table.drop(columns="name")


def _amount(found):
    start, end, value, unit = found.groups()
    factor = 1000 if unit == "billion" else 1
    return 1900 + int(start), 1900 + int(end), float(value.replace(",", "")) * factor
