"""The page of a project in Chromium: its picture can be read, on a phone and on a screen."""

from __future__ import annotations

import pytest

from projects.models import Project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

# Of the picture that is shown. Poles and bars may run behind a text, but no text over another.
UNREADABLE = """() => {
  const placeOf = (one) => one.getBoundingClientRect();
  const drawings = [...document.querySelectorAll(".course__drawing")].filter((one) => placeOf(one).width);
  if (drawings.length !== 1) return [`${drawings.length} drawings`];
  const frame = placeOf(drawings[0]);
  const texts = [...drawings[0].querySelectorAll("text")].map((one) => [one.textContent, placeOf(one)]);
  const found = [];
  texts.forEach(([text, box], place) => {
    const isIn = box.left >= frame.left - 1 && box.right <= frame.right + 1 && box.bottom <= frame.bottom + 1;
    if (!isIn) found.push(`${text} outside`);
    if (box.height < 9) found.push(`${text} too small`);
    for (const [other, its] of texts.slice(place + 1)) {
      const width = Math.min(box.right, its.right) - Math.max(box.left, its.left);
      const height = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
      if (width > 1 && height > 3) found.push(`${text} over ${other}`);
    }
  });
  return found;
}"""


def situations() -> dict[str, int]:
    """A project of each situation of the example."""
    found: dict[str, int] = {}
    for project in Project.objects.order_by("pk"):
        found.setdefault(project.name.split("(")[1].rstrip(")"), project.pk)
    return found


@pytest.mark.parametrize("width", [360, 780, 1280])
def test_every_situation_can_be_read(open_tab, projects, superuser, width):
    tab = open_tab(width=width)
    tab.sign_in(superuser)
    found = {}
    for situation, pk in situations().items():
        page = tab.open(f"/proyek/{pk}/")
        found[situation] = [*tab.violations, *tab.errors]
        if page.locator(".course__wide").count():
            found[situation] += page.evaluate(UNREADABLE)
        if tab.overflow():
            found[situation].append("wider than the window")

    assert found == {name: [] for name in found}
    assert len(found) == 16


def test_control_arm_texts_that_lie_over_each_other_are_found(open_tab, projects, superuser):
    tab = open_tab()
    tab.sign_in(superuser)
    page = tab.open(f"/proyek/{situations()['lunas']}/")

    page.evaluate("document.querySelectorAll('.course__name').forEach((one) => one.setAttribute('y', 20))")

    assert page.evaluate(UNREADABLE) != []


@pytest.mark.parametrize("width", [360, 1280])
def test_nobody_is_shut_out(open_tab, projects, superuser, width):
    tab = open_tab(width=width)
    tab.sign_in(superuser)
    pages = situations()
    found = {}
    for situation in ("menunggak", "data belum lengkap", "kurang bayar sesudah addendum"):
        tab.open(f"/proyek/{pages[situation]}/?per=2026-01-31")
        found[situation] = tab.barriers()

    assert found == {name: [] for name in found}


def test_list_leads_to_the_project_on_the_same_day(open_tab, projects, superuser):
    tab = open_tab()
    tab.sign_in(superuser)
    project = Project.objects.filter(name__contains="(menunggak)").order_by("pk")[0]
    page = tab.open("/proyek/?per=2026-06-30&cari=menunggak")

    page.click(f"text={project.name}")

    assert page.url == f"{tab.address}/proyek/{project.pk}/?per=2026-06-30"
    assert page.locator("h1").inner_text() == project.name
