"""What an invitation says where neither program nor template does (`messages/calendar-invitation`)."""

from __future__ import annotations

from mentorkit.core.program import MessageSet, MessageText, as_spelled

_SUBJECT = (
    '{{% if invitation.change == "canceled" %}}{canceled}: '
    '{{% elif invitation.change == "withdrawn" %}}{withdrawn}: '
    '{{% elif invitation.change == "changed" %}}{changed}: {{% endif %}}'
    "{{{{ program.name }}}}: {session} {{{{ session.number }}}}"
)
_BODY = """\
{hello} {{{{ me.name }}}}{comma}

{{% if invitation.change == "canceled" %}}{is_canceled}{{% elif invitation.change == "withdrawn" %}}{is_withdrawn}\
{{% elif invitation.change == "changed" %}}{is_changed}\
{{% else %}}{is_new}{{% endif %}}

**{{{{ session.when }}}}**, {{{{ session.minutes }}}} {minutes}\
{{% if session.place %}}, {{{{ session.place }}}}{{% endif %}}


{{% if session.partners %}}{who} {{{{ session.partners | map(attribute="full_name") | join(", ") }}}}{{% endif %}}
"""

_WORDS = {
    "en": {
        "canceled": "Canceled",
        "withdrawn": "Out of your calendar",
        "changed": "Changed",
        "session": "session",
        "hello": "Hello",
        "comma": ",",
        "is_canceled": "this session does not take place. This message takes it out of your calendar.",
        "is_withdrawn": "this message takes this session out of your calendar. The session itself is not canceled.",
        "is_changed": "this session has changed. This message brings your calendar up to date.",
        "is_new": "here is your invitation. Accept it, and the session is in your calendar.",
        "minutes": "minutes",
        "who": "With",
    },
    "de": {
        "canceled": "Abgesagt",
        "withdrawn": "Aus Ihrem Kalender genommen",
        "changed": "Geändert",
        "session": "Treffen",
        "hello": "Guten Tag",
        "comma": ",",
        "is_canceled": "dieses Treffen findet nicht statt. Diese Nachricht nimmt es aus Ihrem Kalender.",
        "is_withdrawn": "diese Nachricht nimmt dieses Treffen aus Ihrem Kalender. Das Treffen selbst findet statt.",
        "is_changed": "dieses Treffen hat sich geändert. Diese Nachricht bringt Ihren Kalender auf den neuen Stand.",
        "is_new": "hier ist Ihre Einladung. Nehmen Sie sie an, dann steht das Treffen in Ihrem Kalender.",
        "minutes": "Minuten",
        "who": "Mit",
    },
    "es": {
        "canceled": "Cancelada",
        "withdrawn": "Retirada de su calendario",
        "changed": "Modificada",
        "session": "sesión",
        "hello": "Hola",
        "comma": ":",
        "is_canceled": "Esta sesión no tendrá lugar. Este mensaje la retira de su calendario.",
        "is_withdrawn": "Este mensaje retira esta sesión de su calendario. La sesión en sí no está cancelada.",
        "is_changed": "Esta sesión ha cambiado. Este mensaje actualiza su calendario.",
        "is_new": "Aquí tiene su invitación. Acéptela y la sesión quedará en su calendario.",
        "minutes": "minutos",
        "who": "Con",
    },
    "fr": {
        "canceled": "Annulée",
        "withdrawn": "Retirée de votre agenda",
        "changed": "Modifiée",
        "session": "séance",
        "hello": "Bonjour",
        "comma": ",",
        "is_canceled": "cette séance n'aura pas lieu. Ce message la retire de votre agenda.",
        "is_withdrawn": "ce message retire cette séance de votre agenda. La séance elle-même n'est pas annulée.",
        "is_changed": "cette séance a changé. Ce message met votre agenda à jour.",
        "is_new": "voici votre invitation. Acceptez-la, et la séance sera dans votre agenda.",
        "minutes": "minutes",
        "who": "Avec",
    },
    "it": {
        "canceled": "Annullato",
        "withdrawn": "Tolto dal suo calendario",
        "changed": "Modificato",
        "session": "incontro",
        "hello": "Buongiorno",
        "comma": ",",
        "is_canceled": "questo incontro non avrà luogo. Questo messaggio lo toglie dal suo calendario.",
        "is_withdrawn": "questo messaggio toglie questo incontro dal suo calendario. L'incontro in sé non è annullato.",
        "is_changed": "questo incontro è cambiato. Questo messaggio aggiorna il suo calendario.",
        "is_new": "ecco il suo invito. Lo accetti, e l'incontro sarà nel suo calendario.",
        "minutes": "minuti",
        "who": "Con",
    },
    "nl": {
        "canceled": "Geannuleerd",
        "withdrawn": "Uit uw agenda gehaald",
        "changed": "Gewijzigd",
        "session": "gesprek",
        "hello": "Hallo",
        "comma": ",",
        "is_canceled": "dit gesprek gaat niet door. Dit bericht haalt het uit uw agenda.",
        "is_withdrawn": "dit bericht haalt dit gesprek uit uw agenda. Het gesprek zelf is niet geannuleerd.",
        "is_changed": "dit gesprek is gewijzigd. Dit bericht werkt uw agenda bij.",
        "is_new": "hier is uw uitnodiging. Accepteer haar, dan staat het gesprek in uw agenda.",
        "minutes": "minuten",
        "who": "Met",
    },
    "pt": {
        "canceled": "Cancelada",
        "withdrawn": "Retirada do seu calendário",
        "changed": "Alterada",
        "session": "sessão",
        "hello": "Olá",
        "comma": ",",
        "is_canceled": "esta sessão não se realiza. Esta mensagem retira-a do seu calendário.",
        "is_withdrawn": "esta mensagem retira esta sessão do seu calendário. A sessão em si não foi cancelada.",
        "is_changed": "esta sessão mudou. Esta mensagem atualiza o seu calendário.",
        "is_new": "aqui está o seu convite. Aceite-o, e a sessão fica no seu calendário.",
        "minutes": "minutos",
        "who": "Com",
    },
}


def invitation_texts(name: str, language: str) -> MessageSet:
    """Return the message as mentorkit brings it, in all its languages; for others in the program's, or English."""
    usual = as_spelled(_WORDS, language)
    return MessageSet(name, (_text("", usual or "en"), *(_text(one, one) for one in _WORDS)))


def _text(language: str, written: str) -> MessageText:
    words = _WORDS[written]
    return MessageText("mentorkit's own", "", language, _SUBJECT.format(**words), _BODY.format(**words))
