"""The page speaks the browser's language: Gradio's own components and what the session says."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TIMEOUT_MS, Served

ENGLISH = ("Swap the lanes", "Reset to the models' own", "Check the lanes' servers", "Download CSV")


def visit(browser: Browser, served: Served, locale: str) -> Page:
    served.play()
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale=locale)
    context.set_default_timeout(TIMEOUT_MS)
    visitor = context.new_page()
    visitor.goto(served.url)
    visitor.locator("#notebook textarea").first.wait_for()
    return visitor


@pytest.mark.parametrize(("locale", "tag"), [("pt-BR", "pt-BR"), ("pt-PT", "pt-BR")])
def test_a_portuguese_browser_is_answered_in_portuguese(
    browser: Browser, served: Served, locale: str, tag: str
) -> None:
    page = visit(browser, served, locale)
    expect(page.locator("html")).to_have_attribute("lang", tag)
    side = page.locator(".sidebar").first
    expect(side.get_by_role("button", name="Inverter as colunas")).to_be_visible()
    expect(side.get_by_label("Temperatura, coluna da esquerda")).to_be_visible()
    expect(side.get_by_role("radio", name="Uma de cada vez")).to_be_checked()
    expect(side.get_by_placeholder("Nenhum (como nas fichas dos modelos)")).to_be_attached()
    expect(side.locator(".side-label span[title^='Quanto a escolha']")).to_be_visible()
    expect(side.get_by_text("Todos os valores são os padrões dos modelos.")).to_be_visible()
    page.locator("#notebook textarea").first.fill("Quanto é 2 + 2?")
    page.locator("#notebook textarea").first.press("Control+Enter")
    expect(page.locator(".nb-right .nb-state")).to_have_text("concluída")
    expect(page.get_by_role("heading", name="Todos os resultados")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Tokens de raciocínio")).to_be_visible()
    for text in ENGLISH:
        expect(page.get_by_text(text)).to_have_count(0)
    page.context.close()


def test_another_browser_is_answered_in_english(browser: Browser, served: Served) -> None:
    page = visit(browser, served, "de-DE")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_text("Use via API")).to_be_visible()
    expect(page.locator(".sidebar").get_by_role("button", name="Swap the lanes")).to_be_visible()
    expect(page.get_by_label("Temperature, left lane")).to_be_visible()
    page.context.close()
