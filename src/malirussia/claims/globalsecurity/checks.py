"""One check a claim of the GlobalSecurity page: which rows of the tables speak to it.

A check returns evidence, never a verdict. Claims without a check rest on the table ``claims_evidence`` alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from malirussia.claims.engine import Check, Load, both, rows, say, select
from malirussia.language import Phrase

ALMOST_ALL = 0.9
FEW = 0.25
CHINESE_TANKS = 1981  # the year to which SIPRI dates them; a US cable has a company of them in January 1976
FEE_DAY = pd.Timestamp("2021-09-13")  # the day of the report that names the fee
ARRIVED = pd.Timestamp("2022-07-01")  # half a year after the first men: lower counts before it are of those on the way
YEARS = 3  # how many years are compared on each side of a forecast
DATES = {"start": "date", "end": "end", "date_precision": "date_precision"}
NUMBERS = {"value": "value", "unit": "unit"}
MUSD, PERCENT = "million USD", "percent"
SAHEL = ("MLI", "BFA", "NER")
ONE_SIDED = ("one_sided_any_government", "one_sided_nonstate_group")
UCDP_DEATHS = ("state_based", "non_state", *ONE_SIDED)


def where(frame: pd.DataFrame, **cells: Any) -> pd.DataFrame:
    """Return the rows whose *cells* hold these values, or one of those in a list; much faster than a query."""
    kept = np.ones(len(frame), dtype=bool)
    for name, value in cells.items():
        column = frame[name]
        kept &= (column.isin(value) if isinstance(value, list | tuple) else column == value).to_numpy()
    return frame[kept]


def events(*event_ids: str) -> Check:
    """Take rows of the event table, once for each of their sources."""

    def check(load: Load, claim: Any) -> pd.DataFrame:
        found = load("events").set_index("event_id", drop=False).loc[list(event_ids)]
        second = found[found["source_id_2"].notna()].assign(source_id=lambda d: d["source_id_2"])
        found = pd.concat([found, second])
        return rows(found, "events", finding=found["title"], **{name: found[column] for name, column in DATES.items()})

    return check


def projects(query: str, **columns: str) -> Check:
    """Take rows of the project table that fit *query*."""
    return select("aid_projects", query, finding="note", **columns)


def agreements(event_id: str) -> Check:
    """Take the versions of one event from the table of military agreements."""
    return select("military_agreements", f"event_id == '{event_id}'", finding="description", **DATES)


def _when(holds: Any) -> Any:
    """Turn conditions into stances."""
    return np.where(holds, "supports", "contradicts")


def _numbers(frame: pd.DataFrame, *names: str) -> dict[str, pd.Series]:
    return {name: frame[name].astype("float64") for name in names}


def close_votes(load: Load, claim: Any) -> pd.DataFrame:
    """Mali's middle rank among African members in agreement with the USSR, over the years of the claim."""
    years = (claim.start.year, claim.end.year)
    found = where(load("diplomacy_unga_africa"), partner="RUS", measure="share_same_vote")
    found = found[found["year"].between(*years)]
    rank, states = found["mali_rank"].median(), found["african_states"].median()
    text = say(
        "Middle rank {rank:.0f} of {states:.0f} African members in votes shared with the USSR", rank=rank, states=states
    )
    stance = str(_when(rank <= FEW * states))
    asked = say("a middle rank within the first {part:.0%}", part=FEW)
    return rows(
        found.head(1), "diplomacy_unga_africa", stance=stance, finding=text, value=rank, unit="rank", asked=asked
    )


def votes_with_france(load: Load, claim: Any) -> pd.DataFrame:
    """Agreement with France in the General Assembly after the coup and before, beside what other Africans gained.

    A rise supports the claim where it is larger than that of the African median, and bears it out in part where it is
    not: then Mali moved with its continent.
    """
    found = where(load("diplomacy_unga_agreement"), partner="FRA", vote_set="all_recorded").set_index("year")
    africa = where(load("diplomacy_unga_africa"), partner="FRA", measure="share_same_vote").set_index("year")
    mali, others = found["agree"] / found["votes_compared"], africa["median_others"]
    before, after = mali.loc[1961:1967].mean(), mali.loc[1969:1976].mean()
    others_before, others_after = others.loc[1961:1967].mean(), others.loc[1969:1976].mean()
    text = say(
        "Same vote as France on {before:.1%} of roll-calls before the coup and {after:.1%} after; "
        "the African median rose from {others_before:.1%} to {others_after:.1%}",
        before=before,
        after=after,
        others_before=others_before,
        others_after=others_after,
    )
    stance = "contradicts"
    if after > before:
        stance = "supports" if after - before > others_after - others_before else "partly"
    asked = say("a rise in votes shared with France, larger than the African median's")
    return rows(
        found.head(1),
        "diplomacy_unga_agreement",
        stance=stance,
        finding=text,
        value=100 * after,
        unit=PERCENT,
        asked=asked,
    )


def soviet_arms(load: Load, claim: Any) -> pd.DataFrame:
    """Soviet share of the recorded arms deliveries of the period, by either date of the Chinese tanks."""
    arms = load("military_arms_imports")
    found = arms[arms["year"].between(claim.start.year + 1, claim.end.year)]
    tanks = arms.loc[(arms["partner"] == "CHN") & (arms["year"] == CHINESE_TANKS), "tiv_m"].sum()
    soviet, all_of_them = found.loc[found["partner"] == "RUS", "tiv_m"].sum(), found["tiv_m"].sum()
    share, least = soviet / all_of_them, soviet / (all_of_them + tanks)
    text = say(
        "{share:.1%} of recorded deliveries by volume were Soviet; {least:.1%} if the Chinese tanks that the register "
        "dates to {year} had come by January 1976, when a US cable counts a company of them",
        share=share,
        least=least,
        year=CHINESE_TANKS,
    )
    stance = "supports" if least >= ALMOST_ALL else "partly" if share >= ALMOST_ALL else "contradicts"
    return rows(
        found.head(1),
        "military_arms_imports",
        stance=stance,
        finding=text,
        value=100 * share,
        low=100 * least,
        high=100 * share,
        unit=PERCENT,
        asked=say("a share of {part:.0%} or more, by either date", part=ALMOST_ALL),
    )


def old_runway(load: Load, claim: Any) -> pd.DataFrame:
    """Lengths of the old Bamako runway; works under way bear the claim out in part, as far as the length agrees."""
    found = where(load("military_airfields"), airfield_id="bamako-old").dropna(subset="length_m")
    works = (found["status"] == "under way") & (found["length_m"] == claim.value)
    text = found["note"].astype("object")
    text = text.mask(works, say("works under way with this length as target; no record of their end"))
    stance = works.map({True: "partly"})
    length = found["length_m"].astype("float64")
    return rows(found, "military_airfields", stance=stance, finding=text, value=length, unit="metres")


def loan_totals(load: Load, claim: Any) -> pd.DataFrame:
    """Totals of Soviet loans and credits, francs at the mean rate of their year; the debt of 2000 as context."""
    totals = where(load("aid_amounts"), conflict_group=["credits-570", "credits-total"])
    rates = where(load("context_exchange_rates"), currency="XOF", rate_kind="annual_average")
    rate = totals["date"].dt.year.map(rates.set_index(rates["start"].dt.year)["rate"])
    francs = totals["unit"] == "million XOF"
    value, unit = totals["value"] / rate.where(francs, 1), totals["unit"].mask(francs, MUSD)
    debt = where(load("aid_debt_by_creditor"), partner="RUS", measure="stock_end_year").head(1)
    text = say("debt to Russia at the end of {year}", year=debt["year"])
    return pd.concat(
        [
            rows(totals, "aid_amounts", finding=totals["note"], value=value, unit=unit),
            rows(debt, "aid_debt_by_creditor", "context", finding=text, value=debt["value_musd"], unit=MUSD),
        ]
    )


def few_multiparty(load: Load, claim: Any) -> pd.DataFrame:
    """African states with contested elections in the year before, in each data set; parties on paper are left out."""
    found = where(load("context_multiparty"), country="AFR", year=claim.start.year - 1)
    found = found[found["criterion"] != "parties_on_paper"]
    words = found["criterion"].astype("str").str.replace("_", " ")
    text = say(
        "{criterion}: {states} of {all} states", criterion=words, states=found["states"], all=found["states_coded"]
    )
    stance = _when(found["states"] <= FEW * found["states_coded"])
    asked = say("a share of {part:.0%} or less", part=FEW)
    number = found["states"].astype("float64")
    return rows(found, "context_multiparty", stance, finding=text, value=number, unit="states", asked=asked)


def wave_before(load: Load, claim: Any) -> pd.DataFrame:
    """Share of states with electoral regimes in 1974, where the literature starts the wave, and in the year before."""
    found = where(load("context_multiparty"), country="WLD", criterion="electoral_regime").set_index("year")
    share, last = found["states"] / found["states_coded"], claim.start.year - 1
    text = say(
        "Electoral regimes: {early:.0%} of states in {start}, {late:.0%} in {last}",
        early=share[1974],
        start=1974,
        late=share[last],
        last=last,
    )
    stance = str(_when(share[last] <= 1.1 * share[1974]))
    return rows(
        found.loc[[last]],
        "context_multiparty",
        stance,
        finding=text,
        value=100 * share[last],
        unit=PERCENT,
        asked=say("no rise of a tenth before the end of the USSR"),
    )


def _reported(load: Load) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what each side reported of the trade of Mali and Russia, and its sums of both directions by year."""
    found = where(load("trade_dyad_annual"), country="MLI", dataset="DOTS", estimate=False)
    return found, found.pivot_table(
        index="year", columns="reporter", values="value_musd", aggfunc="sum", observed=True, min_count=1
    )


def turnover(load: Load, claim: Any) -> pd.DataFrame:
    """Trade in both directions in the year of the claim, as Russia reported it; exports alone in UN Comtrade."""
    year = claim.start.year
    found, sums = _reported(load)
    russian = where(found, year=year, reporter="RUS").head(1)
    text = say(
        "Russia's report of both directions; Mali's side, of unknown origin, has {other:.1f}",
        other=sums.loc[year, "MLI"],
    )
    comtrade = where(load("trade_dyad_annual"), country="MLI", dataset="Comtrade", reporter="RUS")
    exports = where(comtrade, flow="imports", year=year)
    shared = {"unit": MUSD}
    return pd.concat(
        [
            rows(russian, "trade_dyad_annual", finding=text, value=sums.loc[year, "RUS"], **shared),
            rows(
                exports,
                "trade_dyad_annual",
                finding=say("Russia's report of exports alone"),
                value=exports["value_musd"],
                **shared,
            ),
        ]
    )


def fall(load: Load, claim: Any) -> pd.DataFrame:
    """Change of the trade that Russia reported from the first to the last year of the claim."""
    found, sums = _reported(load)
    first, last = (sums.loc[date.year] for date in (claim.start, claim.end))
    change = 100 * (last["RUS"] / first["RUS"] - 1)
    text = say(
        "{change:+.0f} % in Russia's reports; Mali's side, of unknown origin, "
        "goes from {before:.1f} to {after:.1f} million",
        change=change,
        before=first["MLI"],
        after=last["MLI"],
    )
    found = where(found, year=claim.start.year, reporter="RUS").head(1)
    return rows(found, "trade_dyad_annual", str(_when(change < 0)), finding=text, value=change, unit=PERCENT)


def ratified(load: Load, claim: Any) -> pd.DataFrame:
    """The signature bears out a part; a ratification after the period of the claim speaks against the rest."""
    found = load("military_agreements").set_index("row_id", drop=False)
    signed, vote = found.loc[["agreement-2003-a"]], found.loc[["ratification-2024-07-04"]]
    when = say("ratified by Mali in {date:%B %Y}", date=vote["date"])
    in_time = bool((vote["date"] <= claim.end).all())
    basis = "supports" if in_time else "partly"
    asked = say("a ratification before the end of the period")
    return pd.concat(
        [
            rows(signed, "military_agreements", basis, finding=say("signed as said"), start=signed["date"]),
            rows(vote, "military_agreements", str(_when(in_time)), finding=when, start=vote["date"], asked=asked),
        ]
    )


def meetings(load: Load, claim: Any) -> pd.DataFrame:
    """Years in which a meeting of the working group is on record."""
    found = where(load("military_agreements"), kind="working group")
    year = found["date"].dt.year.astype("str")
    return rows(
        found, "military_agreements", finding=say("meeting in {year}", year=year), member=year, start=found["date"]
    )


def after_the_coups(load: Load, claim: Any) -> pd.DataFrame:
    """Two coups within a year, the second at most a week before the demonstrations."""
    keys = ["2020-08-18-coup", "2021-05-24-coup", "2021-05-26-rally-embassy"]
    found = load("events").set_index("event_id", drop=False).loc[keys]
    first, second, rally = found["date"]
    days = (rally - second).days
    text = say("second coup {days} days before the first demonstration", days=days)
    stance = str(_when(0 <= days <= 7 and (second - first).days <= 366))
    asked = say("a week at most between coup and demonstration, a year between the coups")
    return rows(found.iloc[1:], "events", stance, finding=text, start=found["date"].iloc[1:], asked=asked)


def years_at_war(load: Load, claim: Any) -> pd.DataFrame:
    """Years from the start of the French operation to the date of the claim."""
    found = events("2013-01-11-serval")(load, claim)
    return found.assign(value=(claim.end - found["start"]).dt.days / 365.25, unit="years")


def fees(load: Load, claim: Any) -> pd.DataFrame:
    """Monthly fees as reported, dollars turned into CFA francs at the rate of the day of the first report."""
    found = where(load("deployment_costs"), kind="monthly_fee", unit=["XOF", "USD"])
    rate = load("deployment_fx_daily").set_index("date").loc[FEE_DAY]
    factor = np.where(found["unit"] == "XOF", 1, float(rate["xof_per_eur"]) / rate["usd_per_eur"]) / 1e6
    value = found["value"].astype("float64") * factor
    return rows(found, "deployment_costs", finding=found["claimed_by"], value=value, unit="million XOF")


def converted(to: str) -> Check:
    """Work the fee out again in euro or dollars with the parity and the rate of the day of the report."""

    def check(load: Load, claim: Any) -> pd.DataFrame:
        rate = load("deployment_fx_daily").loc[lambda d: d["date"] == FEE_DAY]
        fee = where(load("claims"), unit="million XOF")["value"].item()
        value = fee / rate["xof_per_eur"].astype("float64")
        if to == "EUR":
            rate = rate.assign(source_id=rate["source_id_2"])
        else:
            value = value * rate["usd_per_eur"]
        return rows(rate, "deployment_fx_daily", finding=say("worked out again"), value=value, unit=f"million {to}")

    return check


def counts(load: Load, claim: Any) -> pd.DataFrame:
    """Signatories: the number of names where a source lists them, else the total that it states."""
    found = load("deployment_statement_counts")
    number = found["signatories_named"].fillna(found["signatories_claimed"]).astype("float64")
    return rows(found, "deployment_statement_counts", finding=found["reading"], value=number, unit="countries")


def _lists(load: Load) -> tuple[pd.DataFrame, pd.Series]:
    """Return one row a list of signatories, and the set of names by source."""
    frame = load("deployment_statement_lists")
    return frame.drop_duplicates("source_id"), frame.groupby("source_id")["country"].agg(set)


def further_names(load: Load, claim: Any) -> pd.DataFrame:
    """Names in each list besides those that the page gives."""
    found, names = _lists(load)
    page = names.get(claim.source_id, set())
    value = found["source_id"].map(lambda source: float(len(names[source] - page)))
    text = say("{count:.0f} names besides those of the page", count=value)
    return rows(found, "deployment_statement_lists", finding=text, value=value, unit="countries")


def not_listed(load: Load, claim: Any) -> pd.DataFrame:
    """Lists that lack every member of the claim support it."""
    found, names = _lists(load)
    absent = found["source_id"].map(lambda source: names[source].isdisjoint(claim.members.split(";")))
    text = absent.map({True: say("not among the names"), False: say("among the names")}).astype("object")
    return rows(found, "deployment_statement_lists", _when(absent), finding=text)


def strengths(load: Load, claim: Any) -> pd.DataFrame:
    """National estimates of Russian force in Mali up to two years after the claim.

    While the men were arriving a lower count says nothing of how many could come; one that reaches the number does.
    """
    found = where(load("deployment_personnel"), country="MLI", scope="national", status="deployed")
    found = found[(found["date"] > claim.start) & (found["date"].dt.year <= claim.start.year + 2)]
    numbers = _numbers(found, "value", "low", "high")
    highest = pd.concat(numbers, axis="columns").max(axis="columns")
    early = (found["date"] < ARRIVED) & ~(highest >= claim.value)
    text = say("{estimator}, {date:%B %Y}", estimator=found["estimator"], date=found["date"])
    stance = early.map({True: "context", False: None}).astype("object")
    return rows(found, "deployment_personnel", stance, finding=text, unit="persons", start=found["date"], **numbers)


def _change(frame: pd.DataFrame, table: str, column: str, year: int, what: Phrase) -> pd.DataFrame:
    """Compare the mean of up to three years after *year* with that of up to three to *year*; one row, in per cent."""
    yearly = frame.groupby("year")[column].sum()
    before, after = yearly.loc[year - YEARS + 1 : year], yearly.loc[year + 1 : year + YEARS]
    change, alone = (100 * (after.mean() / base - 1) for base in (before.mean(), yearly[year]))
    ends = [(part.index.min(), part.index.max()) for part in (before, after)]
    spans = [f"{first}" if first == last else f"{first}–{last}" for first, last in ends]
    said = {"what": what, "change": change, "later": spans[1], "earlier": spans[0]}
    if len(before) > 1:
        text = say(
            "{what}: {change:+.0f} % in {later} against {earlier} ({alone:+.0f} % against {year} alone)",
            **said,
            alone=alone,
            year=year,
        )
    else:
        text = say("{what}: {change:+.0f} % in {later} against {earlier}", **said)
    return rows(where(frame, year=year).head(1), table, finding=text, value=change, unit=PERCENT)


def deaths(load: Load, claim: Any) -> pd.DataFrame:
    """Reported deaths by political violence in Mali, Burkina Faso and Niger."""
    acled = where(load("deployment_acled_country_year"), country=SAHEL, measure="fatalities")
    ucdp = where(load("deployment_ucdp_country_year"), country=SAHEL, category=UCDP_DEATHS)
    year, what = claim.start.year, say("deaths in Mali, Burkina Faso and Niger")
    return pd.concat(
        [
            _change(acled, "deployment_acled_country_year", "value", year, what),
            _change(ucdp, "deployment_ucdp_country_year", "deaths", year, what),
        ]
    )


def civilians_killed(load: Load, claim: Any) -> pd.DataFrame:
    """Civilians reported killed in Mali, by three counts that differ in what they count."""
    acled = where(load("deployment_acled_country_year"), country="MLI", measure="civilian_fatalities")
    ucdp = where(load("deployment_ucdp_country_year"), country="MLI", category=ONE_SIDED)
    mission = where(load("deployment_rights_counts"), reporter="MINUSMA", measure="civilians_killed")
    whole = (mission["end"] - mission["start"]).dt.days > 360
    mission = mission[whole].assign(year=lambda d: d["start"].dt.year)
    year = claim.start.year
    return pd.concat(
        [
            _change(acled, "deployment_acled_country_year", "value", year, say("civilian deaths")),
            _change(ucdp, "deployment_ucdp_country_year", "deaths", year, say("deaths in one-sided violence")),
            _change(mission, "deployment_rights_counts", "value", year, say("civilians killed")),
        ]
    )


CHECKS: dict[str, Check] = {
    "C01": events("1960-10-14-relations-ussr"),
    "C02": both(
        projects("project_id == 'agreement-1961'", start="date", date_precision="date_precision"),
        events("1961-02-21-first-agreement"),
    ),
    "C03": projects("measure == 'plan_length'", **NUMBERS),
    "C04": projects("project_id == 'training-centre' and measure == 'places'", **NUMBERS),
    "C05a": close_votes,
    "C09a": events("1968-11-19-coup-traore"),
    "C09b": votes_with_france,
    "C10a": soviet_arms,
    "C11a": select("military_indicators", "indicator == 'advisers'", finding="note", **NUMBERS),
    "C15": select("military_indicators", "indicator == 'military agreements, cumulative'", finding="note", **NUMBERS),
    "C18": select("military_airfields", "airfield_id == 'bamako-old'", finding="note", value="previous_length_m"),
    "C19": old_runway,
    "C26": projects("measure == 'area'", **NUMBERS),
    "C30": loan_totals,
    "C31a": projects("measure == 'institutions'", **NUMBERS),
    "C32": select("aid_education_claims", "claim_id.str.startswith('grads-')", finding="note", **NUMBERS),
    "C33": few_multiparty,
    "C34": wave_before,
    "C35": events("1992-01-16-recognition-russia"),
    "C37": turnover,
    "C38": turnover,
    "C39": fall,
    "C40": select("trade_goods", "partner == 'RUS_UKR'", "context", finding="category", **NUMBERS),
    "C41": both(agreements("2003-03-25-military-agreement"), events("2003-03-25-military-agreement")),
    "C42": ratified,
    "C43a": agreements("2014-11-23-ndaw-moscow"),
    "C44": agreements("2009-05-working-group"),
    "C45": meetings,
    "C46": events("2021-05-26-rally-embassy"),
    "C47": after_the_coups,
    "C49": events("2021-06-14-evstigneeva", "2021-06-21-evstigneeva"),
    "C50a": agreements("2021-09-02-camara-biathlon"),
    "C52": years_at_war,
    "C53": select("deployment_countries", "role == 'military'", finding="country_name", member="country"),
    "C56": fees,
    "C57": converted("EUR"),
    "C58": converted("USD"),
    "C59": strengths,
    "C61": counts,
    "C62": further_names,
    "C63": not_listed,
    "C64": deaths,
    "C65": civilians_killed,
}
