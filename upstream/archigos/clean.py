"""Leaders of Mali, the USSR and Russia."""

import pandas as pd

FIRST_DAY = "1960-01-01"
COUNTRIES = {432: "MLI", 365: "RUS"}
# The data set has family names, without accents.
NAMES = {
    ("MLI", "Keita"): "Modibo Keïta",
    ("MLI", "Traore"): "Moussa Traoré",
    ("MLI", "Amadou Toure"): "Amadou Toumani Touré",
    ("MLI", "Konare"): "Alpha Oumar Konare",
    ("MLI", "Dioncounda Traore"): "Dioncounda Traoré",
    ("MLI", "Ibrahim Boubacar Keita"): "Ibrahim Boubacar Keïta",
    ("RUS", "Khrushchev"): "Nikita Khrushchev",
    ("RUS", "Brezhnev"): "Leonid Brezhnev",
    ("RUS", "Andropov"): "Yuri Andropov",
    ("RUS", "Chernenko"): "Konstantin Chernenko",
    ("RUS", "Gorbachev"): "Mikhail Gorbachev",
    ("RUS", "Yeltsin"): "Boris Yeltsin",
    ("RUS", "Putin"): "Vladimir Putin",
}
RUSSIA_FROM = "1991-08-21"  # the day on which Yeltsin follows in the data set


def clean(raw):
    """Return the rows of Archigos in ``context_leaders``."""
    rows = raw.read("archigos.rda", ["gwcode", "leader", "startdate", "enddate", "entry", "exit"])
    days = {name: pd.to_datetime(rows[name + "date"]) for name in ("start", "end")}
    rows = rows.assign(country=rows["gwcode"].map(COUNTRIES), **days)
    rows = rows[rows["country"].notna() & (rows["end"] >= FIRST_DAY)]
    known = zip(rows["country"], rows["leader"], strict=True)
    rows = rows.assign(leader=[NAMES.get(key, key[1]) for key in known])
    state = (rows["start"] < RUSSIA_FROM).map({True: "SUN", False: "RUS"}).where(rows["country"] == "RUS")
    prefix = state.fillna(rows["country"]).str.lower()
    plain = rows["leader"].str.normalize("NFKD").str.encode("ascii", "ignore").str.decode("ascii")
    slug = plain.str.lower().str.replace(" ", "-")
    table = rows.assign(
        leader_id=prefix + "-" + rows["start"].dt.strftime("%Y") + "-" + slug,
        historical_state=state,
        entry=rows["entry"].astype(str).str.lower(),
        exit=rows["exit"].astype(str).str.lower().str.replace(" ", "_"),
        source_id="archigos-4",
        locator="country " + rows["gwcode"].astype(int).astype(str),
    )
    names = ["leader_id", "country", "historical_state", "leader", "start", "end", "entry", "exit", "source_id"]
    return {"context_leaders": table[[*names, "locator"]]}
