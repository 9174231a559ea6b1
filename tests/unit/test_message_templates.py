"""Templates as files: complete, short, filled with what their kind knows; all that is wrong is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from chalicelib.adapters.templates import SandboxedRenderer
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import RULES, MessageKind
from chalicelib.domain.message_templates import LANGUAGES, Wording, language_of
from chalicelib.domain.text_messages import MOST_SEGMENTS, is_gsm, segments
from chalicelib.services.ports.templates import TemplateBroken
from infra.message_templates import DEFAULTS, TemplatesInvalid, all_wordings, load_templates, read_templates
from infra.template_faults import LONGEST_SUBJECT, sample_values
from tests.fake_messages import our_templates

DAY = date(2026, 11, 24)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of our templates that a test may spoil."""
    return Path(shutil.copytree(DEFAULTS, tmp_path / "templates"))


def edit(folder: Path, kind: str, change: Callable[[dict], object]) -> None:  # type: ignore[type-arg]
    path = folder / f"{kind}.yaml"
    content = yaml.safe_load(path.read_text())
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True))


def faults(*folders: Path) -> list[str]:
    with pytest.raises(TemplatesInvalid) as raised:
        read_templates(folders, "Porto Alegre", DAY)
    return [str(fault) for fault in raised.value.faults]


def test_every_kind_has_words_in_every_language_for_every_medium() -> None:
    found = {(kind, medium, language) for kind, medium, language, _ in all_wordings(our_templates())}

    assert found == {
        (kind, medium, language)
        for kind in MessageKind
        for medium in (Medium.EMAIL, Medium.SMS)
        for language in LANGUAGES
    }
    assert our_templates().approved.keys() == set(MessageKind)


@pytest.mark.parametrize(("kind", "medium", "language", "wording"), list(all_wordings(our_templates())))
def test_whatever_is_told_fits_and_leaves_no_placeholder(
    kind: MessageKind, medium: Medium, language: str, wording: Wording
) -> None:
    values = sample_values(RULES[kind], "Porto Alegre", language)

    letter = SandboxedRenderer().letter(wording, values, is_text_message=medium is Medium.SMS)

    assert "{" not in letter.text + letter.subject
    assert "156" in letter.text
    if medium is Medium.SMS:
        assert is_gsm(letter.text)
        assert segments(letter.text) <= MOST_SEGMENTS
    else:
        assert 0 < len(letter.subject) <= LONGEST_SUBJECT


@pytest.mark.parametrize("kind", [MessageKind.RESOLVED, MessageKind.REJECTED])
def test_an_outcome_always_offers_to_contest(kind: MessageKind) -> None:
    for language in LANGUAGES:
        for medium in (Medium.EMAIL, Medium.SMS):
            text = our_templates().wording(kind, medium, language).text
            assert "{{ link }}" in text
            assert "{{ contest_by }}" in text


def test_porto_alegre_has_valid_templates() -> None:
    assert load_templates("porto_alegre", "Porto Alegre", DAY) == our_templates()


def test_a_city_may_word_a_kind_of_its_own(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(DEFAULTS / "closed.yaml", own)
    edit(own, "closed", lambda content: content["sms"].update({"pt-BR": "Tchê, {{ protocol }} encerrada."}))

    templates = read_templates((folder, own), "Porto Alegre", DAY)

    assert templates.wording(MessageKind.CLOSED, Medium.SMS, "pt-BR").text.startswith("Tchê")
    assert templates.version != our_templates().version
    assert templates.version.startswith("2026-11-24-")


def test_everything_wrong_is_named_at_once(folder: Path) -> None:
    (folder / "late.yaml").unlink()
    (folder / "sale.yaml").write_text("sms: {}")
    (folder / "merged.yaml").write_text("sms: [unclosed")
    (folder / "cancelled.yaml").write_text("- a list")
    edit(folder, "closed", lambda content: content["sms"].update({"pt-BR": "{{ protocl }} {{ link"}))
    edit(folder, "survey", lambda content: content["email"].pop("fr"))
    edit(folder, "accepted", lambda content: content["sms"].update({"de": "Hallo"}))
    edit(folder, "archived", lambda content: content.update({"fax": {}}))
    edit(folder, "resolved", lambda content: content["sms"].update({"en": "{{ answer }}"}))
    edit(folder, "rejected", lambda content: content["sms"].update({"en": "{{ link }}" * 4}))
    edit(folder, "question", lambda content: content["whatsapp"].update(parameters=["question", "colour"]))
    edit(folder, "reopened", lambda content: content["whatsapp"].update(name="With Spaces"))
    edit(folder, "reassured", lambda content: content["email"]["es"].update(text="sin salida {{ link }}"))
    edit(
        folder, "scheduled", lambda content: content["email"]["es"].update(subject="a {{ link }} {{ link }}")
    )
    edit(folder, "confirmation", lambda content: content["email"]["en"].update(text=7))

    assert faults(folder) == [
        "sale.yaml: is the template of no kind of message",
        "confirmation.yaml: email.en: has other fields or types",
        "accepted.yaml: sms.de: is no language of ours",
        "scheduled.yaml: email.es.subject: has 209 characters, at most 120 are read",
        "question.yaml: whatsapp.parameters: question is free text, which goes by e-mail only",
        "question.yaml: whatsapp.parameters: colour is no placeholder of this kind",
        "late.yaml: is missing",
        "resolved.yaml: sms.en: answer is free text, which goes by e-mail only",
        "rejected.yaml: sms.en: takes 3 segments (412 characters, GSM-7)",
        "reopened.yaml: whatsapp.name: is no name of a template: small letters, digits and underscores",
        "closed.yaml: sms.pt-BR: line 1: unexpected end of template, expected 'end of print statement'.",
        "cancelled.yaml: is not a mapping of media",
        "archived.yaml: fax: is no medium",
        "merged.yaml: line 1: expected ',' or ']', but got '<stream end>'",
        "reassured.yaml: email.es.text: must say where such messages are stopped: preferences",
        "survey.yaml: email.fr: is missing",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ secret }}", "secret is no placeholder here"),
        ("{% for one in protocol %}", "line 1: Unexpected end of template"),
        ("{{ protocol.nothing.more }}", "cannot be filled"),
        ("{{ protocol | no_such_filter }}", "line 1: No filter named 'no_such_filter'."),
    ],
)
def test_a_placeholder_that_no_kind_knows_is_refused(folder: Path, text: str, why: str) -> None:
    edit(folder, "closed", lambda content: content["sms"].update({"en": text}))

    (fault,) = faults(folder)
    assert why in fault


@pytest.mark.parametrize(
    "text",
    [
        "{{ protocol.__class__.__mro__ }}",
        "{{ ().__class__.__bases__ }}",
        "{{ range(9) }}",
        "{% include 'x' %}",
        "{{ unknown }}",
    ],
)
def test_a_template_runs_no_code(text: str) -> None:
    with pytest.raises(TemplateBroken):
        SandboxedRenderer().letter(Wording(text=text), {"protocol": "1"}, is_text_message=True)


def test_a_text_that_looks_like_a_template_is_only_text() -> None:
    letter = SandboxedRenderer().letter(
        Wording(text="{{ answer }}", subject="x"), {"answer": "{{ 7 * 7 }} <b>"}, is_text_message=False
    )

    assert letter.text == "{{ 7 * 7 }} <b>"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("pt-BR", "pt-BR"),
        ("pt", "pt-BR"),
        ("en-GB", "en"),
        ("es-UY", "es"),
        ("FR", "fr"),
        ("de", "pt-BR"),
        ("", "pt-BR"),
    ],
)
def test_a_citizen_is_written_to_in_the_nearest_language(tag: str, language: str) -> None:
    assert language_of(tag) == language
