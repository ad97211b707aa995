"""The words with which people ask not to be contacted, as patterns over `words.plain` text: lower case, no
accents, no apostrophes, one blank between words. English and Spanish."""

import re


def listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# --- what a message says by these words alone

# As a clause of its own, in any message.
STRONG = listed("""stop stopall unsubscribe unsub optout revoke remove
    desuscribir desuscribirme desuscribeme desinscribir""")
# As the whole message alone: each of them means something else in a sentence.
WHOLE = STRONG | listed("""end quit cancel cancelall endall quitall halt cease dnc enough exit spam unfollow
    alto pare paren basta baja cancelar parar detener detenganse salir""")
WHOLE_PHRASES = frozenset(
    (
        *("opt out", "stop all", "stop it", "stop this", "stop that", "no more", "go away", "get lost"),
        *("not interested", "no longer interested", "not interested anymore", "no interest"),
        *("im not interested", "i am not interested", "we are not interested", "were not interested"),
        *("i quit", "im done", "i said stop", "i said no", "cancel all", "take me off", "remove me"),
        *("no mas", "ya no", "ya basta", "no gracias ya no", "no me interesa", "no estoy interesado"),
        *("no estoy interesada", "dar de baja", "darme de baja"),
    )
)
# What people say around it.
FILLERS = listed(
    """please pls plz plzz thanks thank you thx ty now ok okay k hi hello hey sorry already immediately
    just asap sir maam guys bro man dude kindly fucking fuckin damn right at once today
    yes yeah nope por favor gracias ya hola ahora"""
)
# The usual slips of four letters; longer words are recognised by how near they are.
SLIPS = {
    "stop": listed(
        """stpo sotp tsop stp sto stoo sttop sstop stopp stoop stopo stopl stopm st0p stiop stopt stob
        satop sztop dtop xtop stol dstop stope"""
    )
}
NEAR = {"unsubscribe": 2, "unsubscribeme": 2, "stopall": 1, "optout": 1, "cancel": 1, "revoke": 1}
NEAR_BUT_OTHER = listed("revoked revokes cancels canceled cancelled invoke evoke")

# --- what looks like it and is not: taken out before anything is searched

NOT_MEANT = [
    re.compile(pattern)
    for pattern in (
        # Our own footer, quoted or liked.
        r"\b(?:reply|text|txt|send|type|respond|answer)(?: with)? (?:stop|end|quit|cancel|unsubscribe)"
        r"(?: at any time| anytime| if you| or \w+)? to (?:\w+ ){0,2}"
        r"(?:unsubscribe|opt out|optout|end|cancel|quit|stop)\b",
        r"\bto (?:unsubscribe|opt out|optout|stop|cancel)(?: \w+){0,2} (?:reply|text|txt|send|type)(?: with)?"
        r" (?:stop|end|quit|cancel|unsubscribe)\b",
        # Nobody asks us to stop.
        r"(?<!\bwhy )\b(?:dont|do not|cant|cannot|can not|couldnt|could not|wont|will not|didnt|did not|not"
        r"|never|non|without|wouldnt|would not|shouldnt|should not|nothing(?: can| will)?)"
        r"(?: (?:want|wish|need|ever|have|plan|mean|going|you|u|to|please|let|anything|us|me))*"
        r" (?:stop|quit|cease|end|opt(?:ed)?(?: me)? out|unsubscribe[ds]?|cancel(?:l?ed)?)\b",
        r"\b(?:why|when|how come)(?: did| do| have| has| would)? (?:you|u|they|he|she|it|we)(?: all| guys)?"
        r" (?:stop|quit|end)\w*\b",
        r"\b(?:accidentally|mistakenly)(?: \w+){0,2} (?:stop|unsubscribe[ds]?|opt(?:ed)? out)\b",
        # A place, a thing, a visit.
        r"\bstop (?:by|in|over|off|at|sign|signs|light|lights|watch|loss|gap|motion|here|there"
        r"|and (?:see|visit|say|get|pick|talk))\b",
        r"\b(?:bus|truck|rest|pit|full|next|first|last|one|tab|short|train|metro|traffic|nonstop) stop\b",
        # A policy and its people.
        r"\b(?:remove|take|drop|delete)(?: \w+){1,3} (?:from|off)(?: of)?(?: \w+){0,3}"
        r" (?:policy|plan|quote|insurance|title|loan|mortgage|account|lease|deed|bill|will|coverage)\b",
        r"\b(?:gave|give|put|entered|enter|typed|sent|had|wrote|provided|left)(?: \w+){0,3}"
        r" (?:a|the|my) wrong (?:number|email)\b",
    )
]

# --- what asks for it in a sentence

GENTLY = (
    r"(?: (?:please|pls|plz|ever|you|u|guys|people|all|dare|just|even|keep|be|try|trying|to|bother|me|us))*"
)
DOING = (
    r"(?:texting|txting|calling|callin|phoning|ringing|dialing|messaging|msging|emailing|e mailing|mailing"
    r"|contacting|bothering|harassing|harrassing|spamming|bugging|writing|sending|pestering|soliciting"
    r"|reaching out|following up|blowing up|hitting me up|trying to (?:reach|contact|call))"
)
THINGS = (
    r"(?:text messages|text message|texts|txts|texting|sms|messages|msgs|calls|phone calls|robocalls|emails"
    r"|e mails|mails|newsletters|spam|notifications|alerts|communications?|solicitations?|contact|crap|shit"
    r"|bullshit|nonsense)"
)
DO = (
    r"(?:call|text|txt|message|msg|email|e mail|mail|contact|bother|write|phone|ring|reach(?: out)?|send|dial"
    r"|solicit|harass|spam|disturb|follow up with|hit me up)"
)
DONE = r"(?:called|texted|messaged|emailed|contacted|bothered|phoned|solicited|spammed|hear from)"
MINE = (
    r"(?:me|us|myself|(?:my|this|our|the)(?: (?:cell|phone|email|e mail|mobile|contact))?"
    r" (?:number|name|phone|email|info|information|details|data|address|cell|contact)"
    r"|number|from (?:the |your )?list)"
)
IT = r"(?:it|that|this|all of (?:it|that))"
LLAMAR = (
    r"(?:llam(?:e|en|es|ar|arme|arnos)|escrib(?:a|an|as|ir|irme)|mand(?:e|en|es|ar|arme)|envi(?:e|en|es|ar|arme)"
    r"|contact(?:e|en|es|ar|arme)|molest(?:e|en|es|ar|arme)|text(?:ee|een|ees|ear|earme)|habl(?:e|en|es|ar|arme)"
    r"|marqu(?:e|en|es)|marcar(?:me)?|busqu(?:e|en|es))"
)
# Which of them a scheduling word takes back: "do not call before five".
ABOUT_A_TIME = re.compile(
    r"(?: (?:me|us|back|him|her|at work|on my cell|llamen|mas|please|on|the|in|this|during|por|la|en|el))*"
    r" (?:before|after|until|till|til|between|today|tonight|tomorrow|yet|while|when|during|unless|if|so|too"
    r"|early|late|right now|now|this (?:morning|afternoon|evening|week)|at (?:night|work|\d+)|on (?:the )?"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|mornings?|evenings?|nights?"
    r"|antes|despues|hoy|manana|ahorita|hasta|cuando|si|noche|trabajo|todavia)\b"
)
FOR_EVER = re.compile(r"\b(?:ever|again|any ?more|no more|nunca|jamas|mas)\b")

TIMED = [
    re.compile(rf"(?<!\bi )(?<!\bwe )(?<!\bthey )(?<!\byou )(?<!\bhe )(?<!\bshe )\b{pattern}")
    for pattern in (
        rf"(?:do not|dont|donot|do nt|never|not to|plz dont|nobody){GENTLY} {DO}\b",
        rf"no(?: me)?(?: vuelvan?(?: a)?)?(?: me)? {LLAMAR}\b",
    )
]
ASKING = [
    re.compile(pattern)
    for pattern in (
        rf"\b(?:stop|quit|cease|halt|discontinue|end)(?: \w+){{0,4}}? (?:{DOING}|{THINGS})\b",
        rf"\b(?:stop|quit) (?:{DO}) (?:me|us|my|this)\b",
        rf"\bno (?:more|further|additional)(?: \w+){{0,2}} (?:{THINGS}|{DOING})\b",
        rf"^(?:(?:please|pls|and|hi|hello|hey|ok|okay|sorry|sir|maam) )*no(?: \w+)? (?:{THINGS}|{DOING})"
        r"(?: please| pls| ever| again| anymore| thanks| me)*$",
        r"\b(?:cancel|unsubscribe|revoke)(?: \w+){0,3} "
        rf"(?:subscription|{THINGS}|enrollment|consent|permission)\b",
        rf"\b(?:remove|delete|erase|unsubscribe|lose|forget|scrub|get rid of) {MINE}",
        rf"\b(?:take|get|strike|scratch|pull) {MINE} off\b",
        rf"\b(?:remove|delete|erase|scrub|take|get) {IT} (?:off|from|out of)(?: of)? (?:your|ur|the|this|all)"
        r"(?: \w+){0,2} (?:system|database|data base|records?|files?|computers?|contacts?|phones?|crm)\b",
        r"\b(?:off|from|out of) (?:of )?(?:your|ur|this|the|all)(?: \w+){0,2} lists?\b",
        r"\b(?:opt(?:ing)?|count|leave) (?:me |us )?out(?: of|$)|\bopt(?:ing)?(?: me| us)? out\b|\boptout\b",
        r"\bunsubscribe\b|\b(?:be|get|getting) unsubscribed\b",
        r"\b(?:leave|let) (?:me|us) (?:alone\b|be$|the (?:fuck|hell) alone\b)",
        r"\b(?:fuck|piss|buzz|bug|f) off\b|\bback off$|\bgo to hell\b",
        r"\b(?:revok|withdraw|rescind|retract)\w*(?: \w+){0,3} (?:consent|permission|authorization)\b",
        r"\b(?:consent|permission) (?:is |has been |was )?(?:revoked|withdrawn|rescinded)\b",
        r"\b(?:no longer|do not|dont|never)(?: \w+){0,2} (?:consent|agree to be|authorize|permission)\b",
        rf"\b(?:do not|dont|no longer|never|didnt|did not) (?:want|wish|need|like|care|ask|sign up)"
        rf"(?: \w+){{0,5}}? (?:{THINGS}|{DOING}|{DONE})\b",
        rf"\b(?:do not|dont|no longer) (?:want|wish|need) (?:you|u|anyone|anybody)(?: \w+){{0,2}} to {DO}\b",
        r"\bno longer (?:wish|want)(?: \w+){0,4} (?:receive|get|hear)\b",
        r"\b(?:do not|dont|no)(?: \w+){0,2} (?:call|contact) (?:list|registry)\b",
        r"\b(?:on|to)(?: \w+){0,2} dnc\b",
        r"\b(?:please|pls|plz|kindly) (?:stop|remove|unsubscribe|quit)$",
        r"\b(?:want|need|like|ask(?:ed)?|told|tell|said)(?: \w+){0,3} to stop$",
        rf"\b(?:told|ask(?:ed)?|want|warned|beg)(?: \w+){{0,3}} (?:not|never) to {DO}\b",
        rf"\benough(?: with| of)?(?: \w+){{0,2}} {THINGS}\b",
        r"\bcease and desist\b|\bthis is (?:harassment|harassing|spam)\b|\bharassing me\b",
        r"\bwrong (?:number|person)\b",
        r"\b(?:done|finished|through) with (?:these|your|the|all)(?: \w+){0,2} "
        rf"(?:{THINGS})\b",
        # Spanish
        rf"\b(?:dej(?:a|e|en|ad)|par(?:a|e|en)) de {LLAMAR}",
        rf"\b(?:pued(?:e|en|es)|podri(?:a|an|as)|favor de|quiero que|deberi(?:a|an|as)) dejar de {LLAMAR}",
        r"\bno (?:quiero|deseo)(?: \w+){0,3} "
        r"(?:mensajes|llamadas|textos|correos|sms|llamen|escriban|contacten|recibir|nada)\b",
        r"\b(?:no|ya no)(?: \w+)? mas (?:mensajes|llamadas|textos|correos|sms|emails)\b",
        r"\b(?:quit(?:a|e|en|ar)(?:me|nos)?|borr(?:a|e|en|ar)(?:me|nos)?|elimin(?:a|e|en|ar)(?:me|nos)?"
        r"|sac(?:a|ar)(?:me)?|saqu(?:e|en)(?:me|nos)?)(?: \w+){0,2} (?:lista|numero|correo|telefono|datos)\b",
        r"\b(?:d(?:e|en|ar|a)(?:me|nos)?) de baja\b",
        r"\bdej(?:a|e|en)(?:me|nos) en paz\b",
        r"\bcancel(?:ar|e|en|a)(?: \w+)? (?:suscripcion|mensajes|llamadas)\b",
    )
]
ENDING = r"(?=$| (?:please|pls|plz|now|immediately|asap|off|from|and|right|today)\b)"
# “Remove it”: what, is said before, or goes without saying where nothing else is said.
DELETE_IT = re.compile(
    rf"\b(?:remove|delete|erase|lose|scrub|forget|get rid of) {IT}{ENDING}|\b(?:take|get|strike) {IT} off\b"
    r"|\b(?:borr|elimin|quit|sac|saqu)(?:a|e|en)lo\b"
)
OF_MINE = re.compile(
    r"\b(?:my|this|our|mi|este)(?: (?:cell|phone|mobile|contact))?"
    r" (?:number|name|phone|email|e mail|info|information|details|data|address|cell|contact"
    r"|numero|nombre|telefono|correo|informacion|celular)\b|\bmis datos\b"
)
# Somebody who asks what happens once they have become a customer does not ask us to stop.
ASKED_WHETHER = re.compile(
    r"\b(?:are|will|would|do|does|can|could|is|how|what|when)(?: \w+){0,3}?"
    r" (?:you|u|they|i|we|it|calls|texts)\b"
    r"|\b(?:van|va|vas|dej\w+|pued\w+|como)\b"
)
ONCE_A_CUSTOMER = re.compile(
    r"\b(?:if|once|when|after|as soon as|provided)(?: that)? (?:i|we)(?: (?:do|just|finally|actually|will))*"
    r" (?:sign|buy|enroll?|purchase|apply|accept|agree|join|register|subscribe|complete|fill|finish|pay"
    r"|switch|choose|pick|say yes|go with|give you|get (?:a |an |the |my |this |your )?"
    r"(?:quotes?|policy|insurance|insured|coverage|covered|plan|loan|offer))\b"
    r"|\b(?:si|cuando|una vez que|despues de que)(?: (?:me|yo|ya|nos))*"
    r" (?:inscrib|compr|firm|registr|contrat|acept|pag|suscrib)\w+"
)
# After what was asked: the other ways that are asked for in the same breath.
AND_ALSO = re.compile(
    r"(?: (?:me|us|my|number|phone|this|anymore|again|ever|the|any|more|all|your|on|at))*"
    r"(?: (?:and|or|nor|y|o|ni)(?: (?:stop|dont|do not|no|me|also|quit|send|sending|please|any|my))* "
    rf"(?:{THINGS}|{DOING}|{DO}|{LLAMAR}|llamadas|mensajes|textos|correos)\b(?: me| us| again| anymore)*)*"
    r"(?: (?:me |us |my |any |more |your |these |those |all |the |mas |sus |esos |los )*"
    rf"(?:{THINGS}|mensajes|llamadas|textos|correos))?"
)

# --- which way of contacting they name

BY_CALL = re.compile(
    r"\b(?:calls?|calling|callin|called|phon(?:e|ed|ing)(?! number)|ring|ringing|dial|dialing|robocalls"
    r"|llam\w+|marqu\w+|marcar\w*)\b"
)
BY_TEXT = re.compile(r"\b(?:texts?|texted|texting|txts?|txting|sms|textos|text\w*ear\w*|texte\w+)\b")
BY_EMAIL = re.compile(
    r"\b(?:emails?|emailed|emailing|e mail(?:s|ing)?|mails?|mailing|newsletters|correos?)\b"
)
# Whatever the way on which they were received.
BY_MESSAGE = re.compile(
    r"\b(?:messages?|messaged|messaging|msgs?|msging|mensajes?|escrib\w+|mand\w+|envi\w+)\b"
)
BY_ANY = re.compile(
    r"\b(?:contact(?:ed|ing|e|en|es|ar|arme)?|alone|lists?|lista|anything|everything|consent|permission"
    r"|hear from|harass\w*|bother\w*|molest\w+|lose|forget|datos|paz|desist|wrong|reach\w*"
    r"|communications?|nada)\b"
)
