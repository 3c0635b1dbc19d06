"""Headers of other languages and headers with a unit: recognised without a word from whoever gives the file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from model import read_company
from model.errors import ExportError
from model.history.reading.columns import column_problems, places_of
from model.history.reading.files import GivenFile, Habits, Imported, read_files, recognised
from tests.commands import Run

CONTRACTS = "Kundennummer;Kunde;Vertragsbeginn;Laufzeitende;MRR (€);Status;Branche"


def contracts(rows: int = 60) -> bytes:
    """Return a German export: semicolons, decimal commas, the day first, letters of Windows."""
    lines = [CONTRACTS]
    for place in range(rows):
        ended = "31.01.2025" if place % 6 == 0 else ""
        lines.append(
            f"{1000 + place};Müller {place};{13 + place % 9}.0{1 + place % 9}.202{place % 4};{ended};1.{200 + place},50;aktiv;Handel"
        )
    lines.append("2000;Neu;15.04.2025;;1.000,00;aktiv;Handel")  # after the last full month
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def read(header: str, row: str, kind: str = "", **habits: str) -> Imported:
    return read_files([GivenFile(kind, "file", f"{header}\n{row}\n".encode(), Habits(**habits))])


@pytest.mark.parametrize(("kind", "header", "row", "wanted"), [
    ("subscriptions", CONTRACTS, "K1;Müller;13.02.2024;;1.200,50;aktiv;Handel",
     {"customer": "K1", "started": date(2024, 2, 13), "ended": None, "yearly": 1_440_600, "segment": "Handel"}),
    ("subscriptions", "Kunden-ID;Beginn;Ende;Betrag;Abrechnungsintervall", "K1;13.02.2024;12.02.2025;99,50;jährlich",
     {"customer": "K1", "ended": date(2025, 2, 12), "yearly": 9_950, "term": 12}),
    ("opportunities", "Opportunity-ID;Kunde;Phase;Erstellt am;Abschlussdatum;Betrag in EUR;Besitzer;Segment",
     "1;Müller;Gewonnen;13.01.2024;02.03.2024;12.500,00;Ines;KMU",
     {"account": "Müller", "outcome": "won", "created": date(2024, 1, 13), "closed": date(2024, 3, 2), "amount": 1_250_000,
      "owner": "Ines", "segment": "KMU"}),
    ("opportunities", "Kundennummer;Status;Erstellt am;Abschlussdatum;Umsatz;Verantwortlich;Branche",
     "K1;Verloren;13.01.2024;02.03.2024;1,5;Ines;Handel", {"outcome": "lost", "amount": 150, "owner": "Ines", "segment": "Handel"}),
    ("invoices", "Rechnungsnummer;Kunde;Rechnungsdatum;Nettobetrag [EUR]", "R1;Müller;31.01.2024;100,50",
     {"customer": "Müller", "started": date(2024, 1, 31), "yearly": 120_600}),
    ("payments", "Rechnungsnummer;Kunde;Zahlungsdatum;Betrag;Zahlungsstatus;Zahlungsart", "R1;M;31.01.2024;1,50;Bezahlt;Kreditkarte",
     {"invoice": "R1", "day": date(2024, 1, 31), "amount": 150, "paid": True, "card": True}),
    ("actuals", "Monat;Neugeschäft;Abwanderung;Umsatz (€)", "2025-02;10,5;2;7", {"arr_new": 1_050, "arr_churn": 200, "revenue": 700}),
    ("subscriptions", "Client;Date de début;Date de fin;Montant mensuel (€)", "A;13/02/2024;;10,5", {"customer": "A", "yearly": 12_600}),
    ("subscriptions", "Cliente;Fecha de inicio;Fecha de fin;Importe mensual (EUR)", "A;13/02/2024;;10,5", {"yearly": 12_600}),
])  # fmt: skip
def test_headers_of_other_languages_are_recognised(kind: str, header: str, row: str, wanted: dict[str, object]) -> None:
    assert recognised("file", f"{header}\n{row}\n".encode()).kind == kind
    (found,) = read(header, row).tables.values()
    assert {name: found.to_pylist()[0][name] for name in wanted} == wanted


def test_a_unit_behind_a_header_makes_no_other_column_of_it() -> None:
    seen = places_of("subscriptions", ["Customer", "Start (UTC)", "End", "ARR (USD)", "Term (months)"], {})
    assert seen == {"customer": 0, "started": 1, "ended": 2, "yearly_amount": 3, "term": 4}
    assert places_of("subscriptions", ["Customer", "ARR (in thousands)", "MRR (T€)"], {}) == {"customer": 0}
    seen = places_of("actuals", ["Month", "Churn (%)", "New (in thousands)", "Revenue (T€)"], {})
    assert seen == {"month": 0, "arr_new": 2, "revenue": 3}
    assert places_of("subscriptions", ["Customer", "ARR (EUR)", "ARR"], {}) == {"customer": 0, "yearly_amount": 2}


def test_of_one_amount_in_two_currencies_neither_is_taken_unasked() -> None:
    header = ["Customer", "Start", "End", "MRR (USD)", "MRR (EUR)"]
    assert places_of("subscriptions", header, {}).keys() == {"customer", "started", "ended"}
    (told,) = column_problems("file", "subscriptions", header, {})
    assert "the file has Customer, Start, End, MRR (USD), MRR (EUR)." in told
    assert places_of("subscriptions", header, {"monthly_amount": "MRR (EUR)"})["monthly_amount"] == 4


def test_a_unit_behind_a_header_is_the_currency_where_cells_show_none() -> None:
    assert read("Customer,Start,End,MRR (€)", "A,2024-01-01,,5").currency == "EUR"
    assert read("Customer,Start,End,MRR CHF", "A,2024-01-01,,5").currency == "CHF"
    assert read("Customer,Start,End,MRR (€),Currency", "A,2024-01-01,,5,USD").currency == "USD"
    assert read("Customer,Start,End,MRR (€)", "A,2024-01-01,,$5").currency == "USD"
    with pytest.raises(ExportError) as error:
        read("Customer,Start,End,MRR (€)", "A,2024-01-01,,5", currency="USD")
    assert "file: no row is in USD; there are EUR." in error.value.problems


@pytest.mark.parametrize("header", ["Amount (in cents)", "Amount (cents)", "Amount Cents", "amount_in_cents"])
def test_cents_behind_a_header_are_cents(header: str) -> None:
    found = read(f"Customer,Start,End,{header},Interval", "A,2024-01-01,,990,month")
    assert found.tables["subscriptions"]["yearly"].to_pylist() == [990 * 12]


def test_a_german_file_is_measured_without_a_question(run: Run) -> None:
    Path("Verträge.csv").write_bytes(contracts())
    done = run("calibrate", "--subscriptions", "Verträge.csv", "--out", "c.toml")
    assert (done.code, done.errors) == (0, [])
    assert "subscriptions, Verträge.csv: 61 rows read = 61 used + 0 set aside" in done.text
    company = read_company(Path("c.toml").read_text(encoding="utf-8"), "c.toml")
    assert company.currency == "EUR"
    running = [1200.5 + place for place in range(60) if place % 6]
    assert company.base("opening_arr").sum() == pytest.approx(12 * sum(running))
