"""Say what is wrong, in the words of whoever reads it: Brazilian Portuguese first, then English."""

from __future__ import annotations

from collections.abc import Mapping

Texts = Mapping[str, Mapping[str, tuple[str, str]]]
"""Problem name → language → title and detail."""

PROBLEMS: Texts = {
    "invalid-input": {
        "pt-BR": ("Dados inválidos", "Há campos a corrigir; veja cada um em `errors`. Nada foi gravado."),
        "en": ("Invalid input", "Some fields must be corrected; see each in `errors`. Nothing was written."),
    },
    "malformed-body": {
        "pt-BR": ("Corpo ilegível", "O corpo da chamada não é um objeto JSON."),
        "en": ("Malformed body", "The body of the call is not a JSON object."),
    },
    "protocol-malformed": {
        "pt-BR": ("Protocolo ilegível", "O protocolo tem treze dígitos."),
        "en": ("Malformed protocol", "A protocol has thirteen digits."),
    },
    "protocol-check-digit-wrong": {
        "pt-BR": ("Protocolo digitado errado", "O dígito verificador não confere: confira os números."),
        "en": ("Mistyped protocol", "The check digit does not match: please check the numbers."),
    },
    "unauthenticated": {
        "pt-BR": ("Chave ausente ou inválida", "Envie `Authorization: Bearer <chave>` com uma chave válida."),
        "en": ("Missing or invalid key", "Send `Authorization: Bearer <key>` with a valid key."),
    },
    "not-allowed": {
        "pt-BR": ("Não permitido", "Esta chave ou código não permite esta ação nesta solicitação."),
        "en": ("Not allowed", "This key or code does not allow this action on this request."),
    },
    "not-found": {
        "pt-BR": ("Não encontrado", "Nada se conhece por este nome."),
        "en": ("Not found", "Nothing is known under this name."),
    },
    "transition-not-allowed": {
        "pt-BR": ("Situação não permite", "A situação atual da solicitação não permite esta ação."),
        "en": ("Status does not allow it", "The present status of the request does not allow this action."),
    },
    "stale-version": {
        "pt-BR": (
            "Versão desatualizada",
            "A solicitação mudou desde a leitura; veja a versão atual em `current`.",
        ),
        "en": (
            "Stale version",
            "The request changed since it was read; see the present version in `current`.",
        ),
    },
    "receipt-expired": {
        "pt-BR": ("Recibo vencido", "O prazo deste recibo terminou; a mensagem voltou para a fila."),
        "en": ("Receipt expired", "The receipt's time is over; the message is back in the queue."),
    },
    "citizen-cannot-be-asked": {
        "pt-BR": ("Não há como perguntar", "Falta um contato, é emergência ou já houve duas perguntas."),
        "en": (
            "Citizen cannot be asked",
            "There is no contact, it is urgent, or two questions were asked.",
        ),
    },
    "triage-binds": {
        "pt-BR": ("A triagem vincula", "Após a segunda devolução, cabe recurso à direção da central."),
        "en": ("Triage binds", "After the second return, the way is an appeal to the centre's direction."),
    },
    "extension-not-allowed": {
        "pt-BR": (
            "Prazo não prorrogável",
            "O prazo se prorroga uma só vez, antes do fim, e nunca em emergência ou retrabalho; veja `rule`.",
        ),
        "en": (
            "Deadline cannot be extended",
            "A deadline is extended once, before it ends, never for emergencies or rework; see `rule`.",
        ),
    },
    "answer-too-late": {
        "pt-BR": ("Resposta fora do prazo", "A solicitação foi arquivada há mais de 30 dias; abra outra."),
        "en": ("Answer too late", "The request was archived more than 30 days ago; open another one."),
    },
    "link-unknown": {
        "pt-BR": ("Link desconhecido", "Este link não é válido; confira se o endereço está completo."),
        "en": ("Unknown link", "This link is not valid; check that the address is complete."),
    },
    "link-expired": {
        "pt-BR": ("Link vencido", "O prazo deste link terminou."),
        "en": ("Link expired", "The time of this link is over."),
    },
    "link-used": {
        "pt-BR": ("Link já usado", "Este link só vale uma vez e já foi usado."),
        "en": ("Link used already", "This link works once and was used already."),
    },
    "contest-too-late": {
        "pt-BR": (
            "Prazo de contestação encerrado",
            "O prazo para contestar terminou; abra outra solicitação.",
        ),
        "en": ("Too late to contest", "The time to contest is over; open another request."),
    },
    "call-not-due": {
        "pt-BR": (
            "Fora do horário da ligação",
            "Liga-se em dias úteis, das 8h às 20h, a cada vez em outro turno; veja `not_before`.",
        ),
        "en": (
            "Not a time to call",
            "Calls are made on working days, 8 to 20 h, each in another part of the day; see `not_before`.",
        ),
    },
    "callback-ended": {
        "pt-BR": ("Retorno encerrado", "O cidadão já foi avisado ou não precisa mais ser."),
        "en": ("Call-back over", "The citizen was told already, or no longer needs to be."),
    },
    "return-too-late": {
        "pt-BR": (
            "Prazo de devolução encerrado",
            "A devolução é possível até dois dias úteis após o aceite.",
        ),
        "en": ("Too late to return", "A request can be returned within two working days of its acceptance."),
    },
    "timeline-full": {
        "pt-BR": ("Histórico cheio", "A solicitação não comporta mais registros; abra outra e vincule."),
        "en": ("Timeline full", "The request holds no more entries; open another one and link it."),
    },
    "queue-missing": {
        "pt-BR": ("Secretaria sem fila", "Esta secretaria não tem fila."),
        "en": ("No queue", "This secretariat has no queue."),
    },
    "body-too-large": {
        "pt-BR": ("Corpo grande demais", "Fotos vão por `POST /v1/uploads`, não no corpo da chamada."),
        "en": ("Body too large", "Photos go through `POST /v1/uploads`, not in the body of a call."),
    },
    "unsupported-content-type": {
        "pt-BR": ("Formato não aceito", "Envie o corpo como application/json."),
        "en": ("Unsupported content type", "Send the body as application/json."),
    },
    "idempotency-key-reused": {
        "pt-BR": ("Chave de idempotência repetida", "Esta `Idempotency-Key` já veio com outro conteúdo."),
        "en": ("Idempotency key reused", "This `Idempotency-Key` came before with another content."),
    },
    "evidence-required": {
        "pt-BR": (
            "Falta a evidência",
            "Este serviço exige foto posterior ou registro da equipe com hora e local.",
        ),
        "en": (
            "Evidence required",
            "This service asks for an after-photo or a team record with time and place.",
        ),
    },
    "report-goes-to-ombudsman": {
        "pt-BR": (
            "Denúncia vai à Ouvidoria",
            "Denúncias sobre a conduta de agentes são recebidas pela Ouvidoria-Geral do Município (me-Ouv).",
        ),
        "en": (
            "Reports go to the ombudsman",
            "Reports about the conduct of agents are received by the city's ombudsman (me-Ouv).",
        ),
    },
    "precondition-required": {
        "pt-BR": ("Falta a versão", "Envie em `If-Match` o `ETag` da versão que você leu."),
        "en": ("Version missing", "Send in `If-Match` the `ETag` of the version that you read."),
    },
    "too-many-attempts": {
        "pt-BR": ("Tentativas demais", "Muitos códigos errados para este protocolo; tente mais tarde."),
        "en": ("Too many attempts", "Too many wrong codes for this protocol; try again later."),
    },
    "unavailable": {
        "pt-BR": ("Indisponível no momento", "Repita a chamada com a mesma `Idempotency-Key`: é seguro."),
        "en": ("Unavailable for now", "Repeat the call with the same `Idempotency-Key`: it is safe."),
    },
    "unexpected": {
        "pt-BR": (
            "Erro inesperado",
            "Algo falhou do nosso lado. Repetir com a mesma `Idempotency-Key` é seguro.",
        ),
        "en": (
            "Unexpected error",
            "Something failed on our side. Repeating with the same `Idempotency-Key` is safe.",
        ),
    },
}

EMERGENCY_NUMBERS: Mapping[str, Mapping[str, str]] = {
    "153": {"pt-BR": "Guarda Municipal", "en": "municipal guard"},
    "190": {"pt-BR": "Brigada Militar", "en": "police"},
    "192": {"pt-BR": "SAMU", "en": "ambulance"},
    "193": {"pt-BR": "Bombeiros", "en": "fire brigade"},
    "199": {"pt-BR": "Defesa Civil", "en": "civil defence"},
}
"""Who answers at the numbers that a screening question may name."""
CALL_FIRST: Mapping[str, str] = {
    "pt-BR": "Ligue primeiro: {numbers}.",
    "en": "Call first: {numbers}.",
}

FIELD_REASONS: Mapping[str, Mapping[str, str]] = {
    "required": {"pt-BR": "obrigatório", "en": "required"},
    "unknown_field": {"pt-BR": "campo desconhecido", "en": "unknown field"},
    "wrong_type": {"pt-BR": "tipo errado", "en": "wrong type"},
    "malformed": {"pt-BR": "formato errado", "en": "malformed"},
    "not_in_list": {"pt-BR": "valor fora da lista", "en": "not one of the allowed values"},
    "too_long": {"pt-BR": "longo demais", "en": "too long"},
    "too_many": {"pt-BR": "itens demais", "en": "too many items"},
    "out_of_range": {"pt-BR": "fora dos limites", "en": "out of range"},
    "unknown_service": {"pt-BR": "serviço desconhecido", "en": "unknown service"},
    "unknown_topic": {"pt-BR": "assunto desconhecido", "en": "unknown topic"},
    "unknown_secretariat": {"pt-BR": "secretaria desconhecida", "en": "unknown secretariat"},
    "unknown_unit": {"pt-BR": "unidade desconhecida", "en": "unknown unit"},
    "unknown_attribute": {"pt-BR": "o serviço não pergunta isto", "en": "the service does not ask this"},
    "unknown_question": {"pt-BR": "o serviço não pergunta isto", "en": "the service does not ask this"},
    "unknown_neighbourhood": {"pt-BR": "bairro desconhecido", "en": "unknown neighbourhood"},
    "unknown_media": {"pt-BR": "arquivo não autorizado aqui", "en": "not a file allowed here"},
    "unknown_text": {"pt-BR": "texto inexistente", "en": "no such text"},
    "not_of_this_call": {"pt-BR": "não cabe neste retorno", "en": "does not belong to this call"},
    "unknown_protocol": {"pt-BR": "protocolo desconhecido", "en": "unknown protocol"},
    "not_a_protocol": {"pt-BR": "não é um protocolo", "en": "not a protocol"},
    "wrong_check_digit": {"pt-BR": "dígito verificador não confere", "en": "check digit does not match"},
    "same_request": {"pt-BR": "é a própria solicitação", "en": "is the request itself"},
    "is_closed": {"pt-BR": "já está encerrada", "en": "is closed already"},
    "is_later": {"pt-BR": "é mais nova: una-a a esta", "en": "is newer: join it to this one"},
    "is_a_duplicate": {"pt-BR": "já é duplicada de outra", "en": "is itself a duplicate"},
    "already_quoted": {"pt-BR": "foto já usada nesta solicitação", "en": "photo quoted here before"},
    "not_to_be_judged": {"pt-BR": "não aguarda parecer", "en": "does not await a verdict"},
    "not_uploaded": {"pt-BR": "arquivo não enviado", "en": "never uploaded"},
    "anonymous_not_allowed": {
        "pt-BR": "este serviço exige identificação",
        "en": "this service needs to know who asks",
    },
    "invalid_cpf": {"pt-BR": "CPF inválido", "en": "invalid CPF"},
    "invalid_phone": {"pt-BR": "telefone inválido", "en": "invalid phone number"},
    "area_code_missing": {"pt-BR": "falta o DDD", "en": "area code missing"},
    "invalid_email": {"pt-BR": "e-mail inválido", "en": "invalid e-mail address"},
    "not_a_position": {"pt-BR": "não é uma posição", "en": "not a position"},
    "outside_the_city": {"pt-BR": "fora do município", "en": "outside the city"},
    "not_a_date": {"pt-BR": "não é uma data", "en": "not a date"},
    "not_a_datetime": {"pt-BR": "não é data e hora", "en": "not a date and time"},
    "time_zone_missing": {"pt-BR": "falta o fuso horário", "en": "time zone missing"},
    "in_the_future": {"pt-BR": "está no futuro", "en": "lies in the future"},
    "not_in_the_future": {"pt-BR": "deve estar no futuro", "en": "must lie in the future"},
    "channel_not_yours": {
        "pt-BR": "canal não permitido a esta chave",
        "en": "channel not allowed to this key",
    },
    "already_declared": {"pt-BR": "código já usado por outro ato", "en": "code used by another act"},
    "before_its_beginning": {"pt-BR": "antes do início", "en": "before its beginning"},
    "too_far": {"pt-BR": "longe demais: renove por outro ato", "en": "too far: renew it by another act"},
    "changes_nothing": {"pt-BR": "assim nada muda", "en": "changes nothing like this"},
    "unknown_region": {"pt-BR": "região desconhecida", "en": "unknown region"},
    "never_suspended": {"pt-BR": "emergência nunca se suspende", "en": "nothing suspends an emergency"},
    "not_higher": {"pt-BR": "não é mais urgente que o publicado", "en": "not more urgent than published"},
    "not_allocated": {"pt-BR": "protocolo não reservado para papel", "en": "not allocated for paper"},
    "already_used": {"pt-BR": "protocolo já usado", "en": "protocol used already"},
    "attendants_only": {"pt-BR": "só atendentes podem definir", "en": "only attendants may set this"},
    "invalid_cursor": {"pt-BR": "cursor inválido", "en": "not a cursor of this list"},
    "not_a_scope": {"pt-BR": "escopo inválido", "en": "not a scope"},
}
