"""Runways of Malian airfields today."""

import pandas as pd

# The longest open runway of each field, by the number of OurAirports: our key and name of the field.
FIELDS = {
    237587: ("bamako-senou", "Bamako-Sénou"),
    237581: ("gao", "Gao-Korogoussou"),
    237579: ("kayes", "Kayes"),
    506467: ("kidal", "Kidal"),
    237586: ("mopti", "Mopti-Ambodedjo (Sévaré)"),
    237580: ("sikasso-dignangan", "Sikasso-Dignangan"),
    354323: ("sikasso-strip", "Sikasso, unpaved strip"),
    237583: ("tessalit", "Tessalit"),
    237585: ("timbuktu", "Timbuktu"),
}
# TURF is its word for ground that was levelled and not paved; in Kidal that is no grass.
SURFACES = {"ASP": "asphalt", "Dirt": "dirt", "TURF": "dirt"}
METRES_A_FOOT = 0.3048


def clean(raw):
    """Return the rows of OurAirports in ``military_airfields``."""
    ends = [f"{end}_{axis}_deg" for axis in ("latitude", "longitude") for end in ("le", "he")]
    rows = raw.read("runways.csv", ["id", "airport_ident", "length_ft", "surface", *ends])
    rows = rows[rows["id"].isin(FIELDS)]
    field = rows["id"].map({number: key for number, (key, _) in FIELDS.items()})
    table = pd.DataFrame(
        {
            "row_id": field + f"-{raw.version[:4]}-current",
            "airfield_id": field,
            "airfield": rows["id"].map({number: name for number, (_, name) in FIELDS.items()}),
            "icao": rows["airport_ident"],
            "date": pd.Timestamp(f"{raw.version}-01"),
            "date_precision": "month",
            "length_m": (rows["length_ft"] * METRES_A_FOOT).round(),
            "previous_length_m": pd.NA,
            "qualifier": "exact",
            "status": "current",
            "actors": pd.NA,
            "historical_state": pd.NA,
            "surface": rows["surface"].map(SURFACES),
            "latitude": rows[ends[:2]].mean(axis="columns"),
            "longitude": rows[ends[2:]].mean(axis="columns"),
            "coordinate_of": "runway",
            "source_id_2": "ourairports",
            "confidence": "medium",
            "note": "volunteer data",
            "source_id": "ourairports",
            "locator": "runways, id " + rows["id"].astype(str) + "; feet times 0.3048",
        }
    )
    return {"military_airfields": table}
