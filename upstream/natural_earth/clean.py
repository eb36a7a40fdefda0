"""Outlines of Mali and of the states around it."""

import pandas as pd

COUNTRIES = "BEN BFA CIV CMR DZA ESH GHA GIN GMB GNB LBR LBY MAR MLI MRT NER NGA SEN SLE TCD TGO TUN".split()


def clean(raw):
    """Return the rows of ``context_outlines``: one a corner of the outer ring of every polygon."""
    columns = ["properties.ADM0_A3", "geometry.type", "geometry.coordinates"]
    states = raw.read("admin0_countries_110m.geojson", columns).set_axis(["own", "kind", "shape"], axis="columns")
    # Natural Earth has a code of its own for Western Sahara.
    states["country"] = states["own"].replace({"SAH": "ESH"})
    corners = [
        (state.country, part, order, *corner, "naturalearth-110m", f"Admin 0 - Countries, 1:110m, ADM0_A3 {state.own}")
        for state in states[states["country"].isin(COUNTRIES)].itertuples()
        for part, polygon in enumerate([state.shape] if state.kind == "Polygon" else state.shape, start=1)
        for order, corner in enumerate(polygon[0], start=1)
    ]
    columns = ["country", "part", "order", "longitude", "latitude", "source_id", "locator"]
    return {"context_outlines": pd.DataFrame(corners, columns=columns)}
