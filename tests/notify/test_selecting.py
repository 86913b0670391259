"""Each channel gets what it asked for."""

from tests.support.mail_server import MailServer
from tests.support.notifying import BILL, LIST, NotifyingTown

TRASH = BILL.replace("Water bills cannot be paid online", "No trash pickup").replace("water-bill/online", "trash")
NETWORK = """\
---
title: The network is down
started: 2024-05-05 08:00
services:
  water-bill/online: down
  trash: down
---
We are looking into it.

## 2024-05-05 08:10

Still looking.

## 2024-05-05 08:20
services:
  water-bill/online: working

Bills can be paid.

## 2024-05-05 08:30

Trash pickup is still stopped.
"""
PLANNED = """\
---
title: New meters
kind: maintenance
posted: 2024-05-05 08:00
starts: 2024-05-09 08:00
ends: 2024-05-09 12:00
services: [water-bill]
---
We change the meters.
"""


def limited(*limits: str) -> str:
    return LIST.replace("kind: mail", f"kind: mail, {', '.join(limits)}")


def sent(town: NotifyingTown, at: str = "2024-05-05 08:40") -> list[str]:
    """Return the names of the updates that are sent."""
    lines = town.tell("--yes", at=at).splitlines()
    return [line.removeprefix("Sent: ").partition(" to ")[0] for line in lines if line.startswith("Sent: ")]


def test_a_channel_gets_only_its_services(town: NotifyingTown) -> None:
    town.set_up(limited("services: [water-bill]"))
    town.write("bill", BILL)
    town.write("trash", TRASH)
    assert sent(town) == ["bill/2024-05-05-0800"]


def test_a_channel_gets_only_the_services_of_its_groups(town: NotifyingTown) -> None:
    town.set_up(limited("groups: [water]"))
    town.write("bill", BILL)
    town.write("trash", TRASH)
    assert sent(town) == ["bill/2024-05-05-0800"]


def test_an_update_is_about_what_its_post_still_says(town: NotifyingTown) -> None:
    town.set_up(limited("services: [water-bill]"))
    town.write("network", NETWORK)
    # The last one comes when bills can be paid again, and is about trash alone.
    assert sent(town) == [f"network/2024-05-05-08{minute}" for minute in ("00", "10", "20")]


def test_a_channel_gets_only_its_kinds(town: NotifyingTown) -> None:
    town.set_up(limited("kinds: [incident]"))
    town.write("bill", BILL)
    town.write("meters", PLANNED)
    assert sent(town) == ["bill/2024-05-05-0800"]


def test_a_channel_for_staff_gets_no_updates(town: NotifyingTown) -> None:
    town.set_up(limited("staff: true"))
    town.write("bill", BILL)
    assert sent(town) == []


def test_a_correction_goes_to_everybody_who_got_the_wrong_words(town: NotifyingTown, post_office: MailServer) -> None:
    town.set_up(LIST)
    town.write("bill", BILL)
    assert sent(town) == ["bill/2024-05-05-0800"]
    town.set_up(limited("services: [trash]", "kinds: [notice]"))
    town.write("later", BILL.replace("08:00", "08:30"))
    wrong = "## 2024-05-05 09:00 correction\ncorrects: {}\nwrong: Online.\nright: By phone.\n"
    town.add("bill", wrong.format("2024-05-05 08:00"))
    town.add("later", wrong.format("2024-05-05 08:30"))
    assert sent(town, "2024-05-05 09:10") == ["bill/2024-05-05-0900"]
    town.add("bill", wrong.format("2024-05-05 09:00").replace("09:00 correction", "10:00 correction"))
    assert sent(town, "2024-05-05 10:10") == ["bill/2024-05-05-1000"]
    assert len(post_office.mails) == 3


def test_planned_work_waits_in_quiet_hours(town: NotifyingTown, post_office: MailServer) -> None:
    town.set_up(LIST, settings="quiet: 22:00-07:00")
    town.write("bill", BILL.replace("2024-05-05 08:00", "2024-05-05 23:00"))
    town.write("meters", PLANNED.replace("posted: 2024-05-05 08:00", "posted: 2024-05-05 23:00"))
    for at in ("2024-05-05 23:10", "2024-05-06 06:59"):
        shown = town.tell(at=at)
        assert "meters/2024-05-05-2300 to water-list: it waits until the quiet hours are over." in shown
    assert len(post_office.mails) == 1
    assert sent(town, "2024-05-06 07:00") == ["meters/2024-05-05-2300"]


def test_quiet_hours_within_a_day(town: NotifyingTown) -> None:
    town.set_up(LIST, settings="quiet: 12:00-13:30")
    town.write("meters", PLANNED)
    assert sent(town, "2024-05-05 12:10") == []
    assert sent(town, "2024-05-05 13:30") == ["meters/2024-05-05-0800"]


def test_each_channel_gets_its_language(town: NotifyingTown, post_office: MailServer) -> None:
    spanish = LIST.replace("water-list", "lista").replace("water@", "lista@").replace("mail,", "mail, language: es,")
    arabic = LIST.replace("water-list", "arabic").replace("water@", "arabic@").replace("mail,", "mail, language: ar,")
    town.set_up(LIST, spanish, arabic, site="languages: [en, es, ar]")
    town.write("bill", BILL)
    town.write("bill.es", "---\ntitle: No se pueden pagar las facturas\n---\nEstamos investigando.\n")
    assert len(sent(town)) == 3
    by_list = {str(mail["To"]).partition("@")[0]: mail for mail in post_office.mails}
    assert {name: mail["Content-Language"] for name, mail in by_list.items()} == {
        "water": "en",
        "lista": "es",
        "arabic": "ar",
    }
    bodies = {name: mail.get_body(("plain",)) for name, mail in by_list.items()}
    texts = {name: body.get_content() for name, body in bodies.items() if body}
    assert by_list["lista"]["Subject"] == "Nuevo: No se pueden pagar las facturas"
    assert "Estamos investigando." in texts["lista"]
    assert "https://status.springfield.example/es/incidents/bill/#update-2024-05-05-0800" in texts["lista"]
    assert "لم يُترجم" in texts["arabic"]
    assert "We are looking into it." in texts["arabic"]
    page = by_list["arabic"].get_body(("html",))
    assert page
    assert '<html lang="ar" dir="rtl">' in page.get_content()
