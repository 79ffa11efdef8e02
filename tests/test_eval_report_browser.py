"""The report in a real browser: it opens alone, keeps hostile text harmless, and can be read and used by anyone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page
from report_run import BRIDGE, FILLER, make_report, write_corpus

from eval.report.build import write_report

#: Everything in the page unfolded.
UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_report(folder / "report.html", make_report(write_corpus(folder / "corpus")))
    return folder / "report.html"


@pytest.fixture
def said() -> list[str]:
    """What pages say on the console, errors, dialogs, and each request but the one for the page."""
    return []


@pytest.fixture
def show(browser: Browser, path: Path, said: list[str]) -> Iterator[Open]:
    """Open the page, or another one, in a window of its own."""
    contexts = []

    def opened(page_path: Path = path, *, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda asked: asked.url == page_path.as_uri() or said.append(f"request {asked.url}"))
        page.goto(page_path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def shown(page: Page) -> list[str]:
    """The ids of the items that can be seen, in order."""
    return page.eval_on_selector_all(".item", "all => all.filter(one => one.checkVisibility()).map(one => one.id)")


# --- harmless ---------------------------------------------------------------------------------------------------------


def test_it_opens_alone_and_nothing_foreign_runs(show: Open, said: list[str]) -> None:
    page = show()
    page.click("[data-show=all]")
    page.evaluate(UNFOLD)
    page.hover("#item-3 h3")
    page.wait_for_timeout(50)
    assert page.title().startswith("bridges · scripted </script></style></title>")
    assert said in ([], ["request data:,"])


def test_the_policy_stops_what_escaping_would_have_let_through(
    show: Open, said: list[str], path: Path, tmp_path: Path
) -> None:
    attack = (
        "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
        "<img src='https://example.com/x.png'><p style='position:fixed'>x</p></main>"
    )
    (tmp_path / "broken.html").write_text(path.read_text(encoding="utf-8").replace("</main>", attack), encoding="utf-8")
    page = show(tmp_path / "broken.html")
    page.wait_for_timeout(50)
    assert page.title().startswith("bridges")
    assert len([line for line in said if "Content Security Policy" in line]) >= 4
    assert page.locator("main p[style]").evaluate("one => getComputedStyle(one).position") == "static"


# --- the marks --------------------------------------------------------------------------------------------------------


def test_marks_stand_on_what_gold_and_citations_name(show: Open) -> None:
    page = show()
    marks = page.eval_on_selector_all("#item-2 mark", "all => all.map(one => [one.className, one.textContent])")
    # Cited is "Tuesday. It had been closed", gold the sentence from "It" on.
    assert marks == [["cited", "Tuesday. "], ["both", "It had been closed"], ["gold", " for nine weeks."]]
    # All of the article is there once, with two parts folded.
    whole = page.eval_on_selector("#item-2 .text", "one => one.textContent")
    article, folded = re.subn(r"… [\d,]+ characters", "", whole)
    assert folded == 2
    assert article == f"A long article\n\n{FILLER}\n\n{BRIDGE}\n\n{FILLER}\n"
    assert page.locator("#item-1 mark").all_text_contents() == ["It had been closed for nine weeks."]


def test_invalid_citations_stand_beside_what_is_really_there(show: Open) -> None:
    invalid = show().locator("#item-3 .invalid")
    assert invalid.locator("h4").text_content() == "Citations that aren’t valid (2)"
    cited, stands = invalid.locator("dl").first.locator("q").all_text_contents()
    assert (cited, stands) == ("Repairs cost Cr 4 million.", "epairs cost Cr 4 million.\n")
    assert "-5–1,000,000,000,000" in (invalid.locator("dl").last.text_content() or "")


#: What a colour-blind eye makes of linear RGB: severity 1.0 of Machado, Oliveira and Fernandes 2009.
SEEN = {
    "all": np.eye(3),
    "without red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "without green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "without blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


def linear(colour: str) -> Any:
    """Linear RGB of ``rgb(r, g, b)``."""
    values = np.array([float(part) for part in re.findall(r"[\d.]+", colour)[:3]]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: Any) -> Any:
    """CIE L*a*b* (D65), in which a distance of 2 or 3 is just seen."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = (np.array(to_xyz) @ np.clip(rgb, 0, 1)) / (0.9505, 1, 1.089)
    fx, fy, fz = (np.cbrt(one) if one > 0.008856 else 7.787 * one + 16 / 116 for one in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_anyone_can_tell_the_marks_apart(show: Open, scheme: str) -> None:
    page = show(color_scheme=scheme)
    looks = page.evaluate(
        """() => [...document.querySelectorAll('.legend mark'), document.querySelector('.article')].map(one => {
            const style = getComputedStyle(one);
            return [style.backgroundColor, style.textDecorationStyle];
        })"""
    )
    assert [line for _, line in looks[:3]] == ["dashed", "dotted", "solid"]
    for eye, matrix in SEEN.items():
        seen = [lab(np.array(matrix) @ linear(colour)) for colour, _ in looks]
        nearest = min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))
        assert nearest > 15, (eye, looks)


# --- read by anyone ---------------------------------------------------------------------------------------------------

#: The contrast (WCAG 2.1) of each piece of text with what is painted behind it, the worst first.
CONTRASTS = """() => {
    const light = colour => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).slice(0, 3)
            .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = one => {
        for (; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor;
            if (!/, 0\\)$|^transparent$/.test(colour)) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const one = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !one.checkVisibility() || one.closest('script')) continue;
        const style = getComputedStyle(one);
        const pair = [light(one.closest('svg') ? style.fill : style.color), light(behind(one))].sort((a, b) => b - a);
        found.push([(pair[0] + 0.05) / (pair[1] + 0.05), walker.currentNode.data.slice(0, 40), one.className + '']);
    }
    return found.sort((a, b) => a[0] - b[0]);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(show: Open, scheme: str) -> None:
    page = show(color_scheme=scheme)
    page.evaluate(UNFOLD)
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 300
    assert contrasts[0][0] >= 4.5, contrasts[:5]


@pytest.mark.parametrize("width", [320, 400, 1280])
def test_the_page_never_scrolls_sideways(show: Open, width: int) -> None:
    page = show(width=width)
    page.click("[data-show=all]")
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_headings_stand_in_order_and_charts_have_names(show: Open) -> None:
    page = show()
    levels = page.eval_on_selector_all("h1, h2, h3, h4, h5, h6", "all => all.map(one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for name in ("Failure waterfall", "Risk-coverage curve", "Reliability diagram"):
        assert page.get_by_role("img", name=name).count() == 1
    texts = page.eval_on_selector_all("svg[role=img] desc", "all => all.map(one => one.textContent)")
    assert texts[0].startswith("all items: 9, harness error: 2, evidence not retrieved: 2, over-refused: 1")


def test_without_a_script_all_items_are_there(show: Open) -> None:
    page = show(java_script_enabled=False)
    assert page.locator(".item").count() == 9
    assert all(one.is_visible() for one in page.locator(".item > summary").all())
    assert not page.locator("#controls").is_visible()
    page.click("#item-1 > summary")
    assert page.locator("#item-1 mark.both").is_visible()


# --- used -------------------------------------------------------------------------------------------------------------


def test_filters_show_what_they_say(show: Open) -> None:
    page = show()
    failed = ["item-5", "item-6", "item-2", "item-7", "item-9", "item-4"]
    assert shown(page) == failed
    page.get_by_role("button", name="evidence not retrieved 2").click()
    assert shown(page) == ["item-2", "item-7"]
    page.get_by_role("button", name="right 3").click()
    assert shown(page) == ["item-1", "item-3", "item-8"]
    page.select_option("#part", label="calibration")
    assert shown(page) == ["item-8"]
    page.get_by_role("button", name="All 9").click()
    page.select_option("#part", label="all")
    assert shown(page) == [*failed, "item-1", "item-3", "item-8"]
    page.fill("#search", "needle MILLION characters")
    assert shown(page) == []
    page.fill("#search", "NEEDLE where")
    assert shown(page) == ["item-7"]
    assert page.inner_text("#count") == "1 of 9 items shown."
    page.get_by_role("button", name="Open all shown").click()
    assert page.locator("#item-7 .body").is_visible()
    assert page.locator(".item[open]").count() == 1


def test_the_keyboard_is_enough(show: Open) -> None:
    page = show()

    def here() -> str:
        return page.evaluate("document.activeElement.closest('.item')?.id ?? document.activeElement.id")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert here() == "item-2"
    page.keyboard.press("k")
    assert here() == "item-6"
    page.keyboard.press("Enter")
    assert page.locator("#item-6 .body").is_visible()
    page.keyboard.press("/")
    page.keyboard.type("jk")
    assert here() == "search"
    assert shown(page) == []
    page.keyboard.press("Escape")
    assert len(shown(page)) == 6


def test_a_link_to_an_item_opens_it_whatever_is_filtered(show: Open) -> None:
    page = show()
    page.evaluate("location.hash = '#item-1'")
    page.wait_for_selector("#item-1[open]")
    assert page.locator("#item-1 mark.both").is_visible()
