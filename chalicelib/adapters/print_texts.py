"""Word what is printed: labels of receipts and letters, and what a letter of each kind says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LABELS: Mapping[str, Mapping[str, str]] = {
    "pt-BR": {
        "receipt": "Comprovante de solicitação",
        "centre": "Central do Cidadão 156",
        "protocol": "Protocolo",
        "access_code": "Código de acesso",
        "keep_secret": "Guarde este código: com ele você responde, confirma ou contesta.",
        "service": "Serviço",
        "secretariat": "Responsável",
        "opened_on": "Recebida em",
        "due_on": "Prazo",
        "follow": "Acompanhe pelo telefone 156, no balcão ou pelo código ao lado.",
        "qr": "Código QR para acompanhar a solicitação",
        "dear": "Prezado(a)",
        "legal_basis": "Fundamento legal",
        "when": "Data e hora da visita",
        "reason": "Motivo",
        "answer_by": "Responda até",
        "contest_by": "Conteste até",
    },
    "en": {
        "receipt": "Receipt of your request",
        "centre": "Citizen centre 156",
        "protocol": "Protocol",
        "access_code": "Access code",
        "keep_secret": "Keep this code: with it you answer, confirm or contest.",
        "service": "Service",
        "secretariat": "Responsible",
        "opened_on": "Received on",
        "due_on": "Due by",
        "follow": "Follow it by calling 156, at the counter, or with the code beside.",
        "qr": "QR code to follow the request",
        "dear": "Dear",
        "legal_basis": "Legal basis",
        "when": "Day and hour of the visit",
        "reason": "Reason",
        "answer_by": "Answer by",
        "contest_by": "Contest by",
    },
    "es": {
        "receipt": "Comprobante de solicitud",
        "centre": "Central del Ciudadano 156",
        "protocol": "Protocolo",
        "access_code": "Código de acceso",
        "keep_secret": "Guarde este código: con él puede responder, confirmar o impugnar.",
        "service": "Servicio",
        "secretariat": "Responsable",
        "opened_on": "Recibida el",
        "due_on": "Plazo",
        "follow": "Consúltela por teléfono al 156, en el mostrador o con el código de al lado.",
        "qr": "Código QR para consultar la solicitud",
        "dear": "Estimado(a)",
        "legal_basis": "Fundamento legal",
        "when": "Fecha y hora de la visita",
        "reason": "Motivo",
        "answer_by": "Responda hasta",
        "contest_by": "Impugne hasta",
    },
    "fr": {
        "receipt": "Reçu de votre demande",
        "centre": "Centre du citoyen 156",
        "protocol": "Protocole",
        "access_code": "Code d’accès",
        "keep_secret": "Gardez ce code : il permet de répondre, de confirmer ou de contester.",
        "service": "Service",
        "secretariat": "Responsable",
        "opened_on": "Reçue le",
        "due_on": "Échéance",
        "follow": "Suivez-la par téléphone au 156, au guichet ou avec le code ci-contre.",
        "qr": "Code QR pour suivre la demande",
        "dear": "Madame, Monsieur",
        "legal_basis": "Base légale",
        "when": "Date et heure de la visite",
        "reason": "Motif",
        "answer_by": "Répondez jusqu’au",
        "contest_by": "Contestez jusqu’au",
    },
}
LABELLED = frozenset({"when", "reason", "answer_by", "contest_by"})
"""What a letter says with its label before it: dates, and reasons given by a code."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a letter of a kind says: above and below the secretariat's own words."""

    opening: str
    closing: str


ANSWER_BY: Mapping[str, str] = {
    "pt-BR": "Responda pelo telefone 156 ou no balcão, com o protocolo e o código de acesso.",
    "en": "Answer by calling 156 or at the counter, with the protocol and the access code.",
    "es": "Responda por teléfono al 156 o en el mostrador, con el protocolo y el código de acceso.",
    "fr": "Répondez par téléphone au 156 ou au guichet, avec le protocole et le code d’accès.",
}
CONTEST_BY: Mapping[str, str] = {
    "pt-BR": "Se não foi assim, conteste pelo telefone 156 ou no balcão, com protocolo e código de acesso.",
    "en": "If this is not so, contest by calling 156 or at the counter, with protocol and access code.",
    "es": "Si no fue así, impugne por teléfono al 156 o en el mostrador, con protocolo y código de acceso.",
    "fr": "Si ce n’est pas le cas, contestez par téléphone au 156 ou au guichet, avec protocole et code.",
}
ASK_BY: Mapping[str, str] = {
    "pt-BR": "Saiba mais pelo telefone 156 ou no balcão.",
    "en": "Learn more by calling 156 or at the counter.",
    "es": "Más información por teléfono al 156 o en el mostrador.",
    "fr": "Plus d’informations par téléphone au 156 ou au guichet.",
}
OPENINGS: Mapping[str, Mapping[str, str]] = {
    "question": {
        "pt-BR": "Para continuar com a sua solicitação, precisamos de uma informação sua:",
        "en": "To go on with your request we need to know something from you:",
        "es": "Para continuar con su solicitud necesitamos una información suya:",
        "fr": "Pour poursuivre votre demande, nous avons besoin d’une information de votre part :",
    },
    "scheduled": {
        "pt-BR": "Foi agendada uma visita para a sua solicitação.",
        "en": "A visit has been scheduled for your request.",
        "es": "Se programó una visita para su solicitud.",
        "fr": "Une visite a été prévue pour votre demande.",
    },
    "late": {
        "pt-BR": "A sua solicitação está atrasada. Pedimos desculpas; ela não foi esquecida.",
        "en": "Your request is late. We apologise; it has not been forgotten.",
        "es": "Su solicitud está atrasada. Pedimos disculpas; no ha sido olvidada.",
        "fr": "Votre demande est en retard. Veuillez nous en excuser ; elle n’est pas oubliée.",
    },
    "resolved": {
        "pt-BR": "A sua solicitação foi dada como resolvida:",
        "en": "Your request has been called done:",
        "es": "Su solicitud fue dada por resuelta:",
        "fr": "Votre demande a été déclarée résolue :",
    },
    "rejected": {
        "pt-BR": "A sua solicitação não será atendida:",
        "en": "Your request will not be met:",
        "es": "Su solicitud no será atendida:",
        "fr": "Votre demande ne sera pas satisfaite :",
    },
    "other": {
        "pt-BR": "Há novidades sobre a sua solicitação.",
        "en": "There is news about your request.",
        "es": "Hay novedades sobre su solicitud.",
        "fr": "Il y a du nouveau au sujet de votre demande.",
    },
}


def _kind(opening: str, closing: Mapping[str, str]) -> Mapping[str, Wording]:
    return {language: Wording(text, closing[language]) for language, text in OPENINGS[opening].items()}


KINDS: Mapping[str, Mapping[str, Wording]] = {
    "question": _kind("question", ANSWER_BY),
    "scheduled": _kind("scheduled", ASK_BY),
    "late": _kind("late", ASK_BY),
    "resolved": _kind("resolved", CONTEST_BY),
    "rejected": _kind("rejected", CONTEST_BY),
}
OTHER_KIND = _kind("other", ASK_BY)
