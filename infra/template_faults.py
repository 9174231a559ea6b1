"""Find what is wrong with one message template: placeholders, length, what it may not quote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jinja2 import Environment, TemplateSyntaxError, meta

from chalicelib.adapters.templates import SandboxedRenderer
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import FREE_TEXTS, MessageRule
from chalicelib.domain.message_templates import ApprovedTemplate, Wording
from chalicelib.domain.message_words import longest_words
from chalicelib.domain.text_messages import MOST_SEGMENTS, is_gsm, segments
from chalicelib.services.ports.templates import TemplateBroken

LONGEST_SUBJECT = 120
_APPROVED_NAME = re.compile(r"[a-z0-9_]{1,512}")
_BASE = "https://abcdefghij.execute-api.sa-east-1.amazonaws.com/api"
_LINK, _FOLLOWERS_LINK = (f"{_BASE}/c/{'x' * characters}" for characters in (42, 64))
_DAY, _MOMENT = "31/12/2026", "31/12/2026 18:30"


def sample_values(rule: MessageRule, city_name: str, language: str) -> dict[str, str]:
    """Give every placeholder of a kind the longest value that is realistic in a language."""
    values: Mapping[str, str] = {
        "city": city_name,
        "protocol": "26.328.1234567-8",
        "service": "Desobstrução de redes de esgoto pluvial",
        "link": _FOLLOWERS_LINK if rule.link is LinkPurpose.FOLLOWER else _LINK,
        "preferences": _LINK,
        "access_code": "123456",
        "secretariat": "Secretaria Municipal do Meio Ambiente, Urbanismo e Sustentabilidade",
        "organ": "SMAMUS",
        "received": _MOMENT,
        "due": _MOMENT,
        "when": _MOMENT,
        "forecast": _MOMENT,
        "question": "Qual o número da casa mais próxima?",
        "answer": "Entulho recolhido pela equipe da Seção Centro.",
        "legal_basis": "Lei Complementar 728/2014, art. 12",
        "note": "O poste em frente ao número 20 já foi trocado?",
        "answer_by": _DAY,
        "contest_by": _DAY,
        "revive_by": _MOMENT,
        "other": "26.328.7654321-0",
        "expires_on": _DAY,
        **longest_words(language),
    }
    return {name: values[name] for name in sorted(rule.placeholders)}


def wording_faults(
    rule: MessageRule, medium: Medium, wording: Wording, city_name: str, language: str
) -> Iterator[tuple[str, str]]:
    """Name what is wrong with a wording: in which part, and why."""
    allowed = rule.placeholders if medium is Medium.EMAIL else rule.placeholders - FREE_TEXTS
    faults = [
        (part, reason)
        for part, source in (("text", wording.text), ("subject", wording.subject))
        for reason in _source_faults(source, allowed)
    ]
    yield from faults
    if not faults:
        yield from _rendered_faults(rule, medium, wording, sample_values(rule, city_name, language))


def approved_faults(rule: MessageRule, approved: ApprovedTemplate) -> Iterator[tuple[str, str]]:
    """Name what is wrong with the mapping to a template of WhatsApp."""
    if not _APPROVED_NAME.fullmatch(approved.name):
        yield "name", "is no name of a template: small letters, digits and underscores"
    for name in approved.parameters:
        if name not in rule.placeholders:
            yield "parameters", f"{name} is no placeholder of this kind"
        elif name in FREE_TEXTS:
            yield "parameters", f"{name} is free text, which goes by e-mail only"


def _source_faults(source: str, allowed: frozenset[str]) -> Iterator[str]:
    try:
        named = meta.find_undeclared_variables(Environment(autoescape=False).parse(source))  # noqa: S701
    except TemplateSyntaxError as error:
        yield f"line {error.lineno}: {error.message}"
        return
    for name in sorted(named - allowed):
        why = "is free text, which goes by e-mail only" if name in FREE_TEXTS else "is no placeholder here"
        yield f"{name} {why}"


def _rendered_faults(
    rule: MessageRule, medium: Medium, wording: Wording, values: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    is_text_message, renderer = medium is Medium.SMS, SandboxedRenderer()
    try:
        renderer.letter(wording, dict.fromkeys(values, ""), is_text_message=is_text_message)
        letter = renderer.letter(wording, values, is_text_message=is_text_message)
    except TemplateBroken as error:
        yield "text", f"cannot be filled: {error}"
        return
    if is_text_message and segments(letter.text) > MOST_SEGMENTS:
        alphabet = "GSM-7" if is_gsm(letter.text) else "UCS-2"
        yield "text", f"takes {segments(letter.text)} segments ({len(letter.text)} characters, {alphabet})"
    if not is_text_message and not 0 < len(letter.subject) <= LONGEST_SUBJECT:
        yield "subject", f"has {len(letter.subject)} characters, at most {LONGEST_SUBJECT} are read"
    if not is_text_message and "\n" in letter.subject:
        yield "subject", "has more than one line"
    if rule.may_be_opted_out and medium is Medium.EMAIL and "preferences" not in wording.text:
        yield "text", "must say where such messages are stopped: preferences"
