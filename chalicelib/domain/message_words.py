"""Word for citizens, in their language, what the system knows by a code: statuses and reasons."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.message_templates import PORTUGUESE
from chalicelib.domain.outcomes import RejectionReason
from chalicelib.domain.transitions import Status

_R, _S = RejectionReason, Status

DAY_FORMATS: Mapping[str, str] = {
    PORTUGUESE: "%d/%m/%Y",
    "en": "%Y-%m-%d",
    "es": "%d/%m/%Y",
    "fr": "%d/%m/%Y",
}
_STATUSES: Mapping[str, Mapping[Status, str]] = {
    PORTUGUESE: {
        _S.TRIAGE: "em triagem",
        _S.QUEUED: "encaminhada à secretaria",
        _S.IN_PROGRESS: "em andamento",
        _S.SCHEDULED: "agendada",
        _S.WAITING_CITIZEN: "aguardando o cidadão",
        _S.WAITING_THIRD_PARTY: "aguardando terceiros",
        _S.RESOLVED: "resolvida",
        _S.REJECTED: "não atendida",
        _S.DUPLICATE: "duplicada",
        _S.CLOSED: "encerrada",
        _S.CANCELLED: "cancelada",
        _S.ARCHIVED: "arquivada",
    },
    "en": {
        _S.TRIAGE: "in triage",
        _S.QUEUED: "sent to the department",
        _S.IN_PROGRESS: "in progress",
        _S.SCHEDULED: "scheduled",
        _S.WAITING_CITIZEN: "waiting for the citizen",
        _S.WAITING_THIRD_PARTY: "waiting for a third party",
        _S.RESOLVED: "resolved",
        _S.REJECTED: "not met",
        _S.DUPLICATE: "duplicate",
        _S.CLOSED: "closed",
        _S.CANCELLED: "cancelled",
        _S.ARCHIVED: "archived",
    },
    "es": {
        _S.TRIAGE: "en clasificación",
        _S.QUEUED: "enviada a la secretaría",
        _S.IN_PROGRESS: "en curso",
        _S.SCHEDULED: "programada",
        _S.WAITING_CITIZEN: "a la espera del ciudadano",
        _S.WAITING_THIRD_PARTY: "a la espera de terceros",
        _S.RESOLVED: "resuelta",
        _S.REJECTED: "no atendida",
        _S.DUPLICATE: "duplicada",
        _S.CLOSED: "cerrada",
        _S.CANCELLED: "cancelada",
        _S.ARCHIVED: "archivada",
    },
    "fr": {
        _S.TRIAGE: "en cours de tri",
        _S.QUEUED: "transmise au service",
        _S.IN_PROGRESS: "en cours",
        _S.SCHEDULED: "planifiée",
        _S.WAITING_CITIZEN: "en attente du citoyen",
        _S.WAITING_THIRD_PARTY: "en attente d'un tiers",
        _S.RESOLVED: "résolue",
        _S.REJECTED: "non satisfaite",
        _S.DUPLICATE: "en double",
        _S.CLOSED: "close",
        _S.CANCELLED: "annulée",
        _S.ARCHIVED: "archivée",
    },
}
_REASONS: Mapping[str, Mapping[RejectionReason, str]] = {
    PORTUGUESE: {
        _R.NOT_MUNICIPAL: "não é da competência do Município",
        _R.PLACE_NOT_FOUND: "o local não foi encontrado",
        _R.NOT_CONFIRMED: "a situação não foi constatada no local",
        _R.INSUFFICIENT_INFORMATION: "faltam informações para atender",
        _R.MEASUREMENT_REFUSED: "a vistoria ou medição não foi permitida",
        _R.NO_LEGAL_BASIS: "não há previsão legal para o pedido",
        _R.PRIVATE_PROPERTY: "trata-se de propriedade particular",
    },
    "en": {
        _R.NOT_MUNICIPAL: "it is not a matter of the city",
        _R.PLACE_NOT_FOUND: "the place could not be found",
        _R.NOT_CONFIRMED: "the problem was not found on site",
        _R.INSUFFICIENT_INFORMATION: "there is not enough information",
        _R.MEASUREMENT_REFUSED: "the inspection or measurement was not allowed",
        _R.NO_LEGAL_BASIS: "the law does not provide for it",
        _R.PRIVATE_PROPERTY: "it is private property",
    },
    "es": {
        _R.NOT_MUNICIPAL: "no es competencia del municipio",
        _R.PLACE_NOT_FOUND: "no se encontró el lugar",
        _R.NOT_CONFIRMED: "la situación no se constató en el lugar",
        _R.INSUFFICIENT_INFORMATION: "falta información para atenderla",
        _R.MEASUREMENT_REFUSED: "no se permitió la inspección o medición",
        _R.NO_LEGAL_BASIS: "la ley no lo prevé",
        _R.PRIVATE_PROPERTY: "es propiedad privada",
    },
    "fr": {
        _R.NOT_MUNICIPAL: "cela ne relève pas de la ville",
        _R.PLACE_NOT_FOUND: "le lieu n'a pas été trouvé",
        _R.NOT_CONFIRMED: "le problème n'a pas été constaté sur place",
        _R.INSUFFICIENT_INFORMATION: "les informations sont insuffisantes",
        _R.MEASUREMENT_REFUSED: "l'inspection ou la mesure n'a pas été permise",
        _R.NO_LEGAL_BASIS: "la loi ne le prévoit pas",
        _R.PRIVATE_PROPERTY: "il s'agit d'une propriété privée",
    },
}


def status_words(status: Status, language: str) -> str:
    """Say where a request stands."""
    return _STATUSES[language][status]


def reason_words(reason: str, language: str) -> str:
    """Say why the city will not do something; a code of another release as it is."""
    return _REASONS[language][RejectionReason(reason)] if reason in set(RejectionReason) else reason


def longest_words(language: str) -> dict[str, str]:
    """Give the longest wording of each, which a template must have room for."""
    longest: dict[str, str] = {
        "status": max(_STATUSES[language].values(), key=len),
        "reason": max(_REASONS[language].values(), key=len),
    }
    return longest
