"""Read pages as a browser and a screen reader do: language, headings, labels, fields, what is described."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from tests.http import Answer, Centre

VOID = frozenset({"meta", "input", "img", "br", "link"})
FIELDS = frozenset({"input", "textarea", "select"})
UNSEEN = frozenset({"style", "title"})

Attributes = dict[str, str]


@dataclass(slots=True)
class Form:
    """A form: where it goes, and its fields by name."""

    attributes: Attributes
    fields: list[tuple[str, Attributes]] = field(default_factory=list)

    def names(self) -> set[str]:
        return {attributes.get("name", "") for _, attributes in self.fields}

    def hidden(self) -> dict[str, str]:
        return {a["name"]: a["value"] for _, a in self.fields if a.get("type") == "hidden"}


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, Attributes]] = []
        self.forms: list[Form] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag == "form":
            self.forms.append(Form(attributes))
        if tag in {*FIELDS, "button"} and self.forms:
            self.forms[-1].fields.append((tag, attributes))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open
        assert self._open.pop() == tag, f"{tag} closes nothing"

    def handle_data(self, data: str) -> None:
        if not UNSEEN & set(self._open):
            self.text += data

    def all(self, tag: str) -> list[Attributes]:
        return [attributes for name, attributes in self.elements if name == tag]

    def form(self, act: str) -> Form:
        """Find the form that asks for something."""
        for form in self.forms:
            if any(a.get("value") == act and a.get("name") == "act" for _, a in form.fields):
                return form
        raise AssertionError(f"no form for {act}")

    def acts(self) -> set[str]:
        """List what the page's forms ask for."""
        found = [a for form in self.forms for _, a in form.fields if a.get("name") == "act"]
        return {attributes["value"] for attributes in found} - {"add_photo"}

    def lang(self) -> str:
        return self.all("html")[0]["lang"]

    def faults(self) -> set[str]:
        """Name the fields that the summary of errors leads to."""
        targets = {a.get("id") for _, a in self.elements}
        links = {a["href"][1:] for a in self.all("a") if a.get("href", "").startswith("#")} - {"content"}
        assert links <= targets
        return links


def opened(centre: Centre, token: str, query: str = "", **headers: str) -> tuple[Answer, Page]:
    """Open a link in a browser."""
    answer = centre.get(f"/c/{token}{query}", **headers)
    return answer, Page(answer.text)


def sent(centre: Centre, token: str, query: str = "", **fields: Any) -> tuple[Answer, Page]:
    """Send a form as a browser does."""
    raw = urlencode(fields).encode()
    answer = centre.call(
        "POST", f"/c/{token}{query}", raw=raw, content_type="application/x-www-form-urlencoded"
    )
    return answer, Page(answer.text)


def is_accessible(page: Page) -> None:
    """Hold a page to what a screen reader needs (WCAG 2.2: 1.3.1, 2.4.1, 2.4.2, 3.1.1, 3.3.1, 3.3.2)."""
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert page.lang()
    assert page.all("title")
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert {"class": "skip", "href": "#content"} in page.all("a")
    labels = {a["for"] for a in page.all("label")}
    for tag, attributes in page.elements:
        if tag in FIELDS and attributes.get("type") != "hidden":
            assert attributes["id"] in labels
            assert set(attributes.get("aria-describedby", "").split()) <= set(ids)
    assert all(image.get("alt") for image in page.all("img"))
    assert not page.all("script")
    assert not [a for _, a in page.elements if any(name.startswith("on") or name == "style" for name in a)]
