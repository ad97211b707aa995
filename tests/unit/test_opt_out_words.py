"""Opt-outs in any reasonable words, and what only looks like one.

The words of 47 CFR 64.1200(a)(10) come first; the rest is what people write in their place.
"""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compliance.suppression.words import distance, plain, read_opt_out

NAMED_BY_THE_RULE = ["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"]
OPT_OUTS = """
STOP
Stop.
stop!!!
StOp
"STOP"
STOPALL
Stop all
UNSUBSCRIBE
unsubscribe me please
END
QUIT
CANCEL
REVOKE
OPTOUT
Opt-out
opt out
OPT OUT PLEASE
stpo
sotp
stopp
st0p
STOOOOP
s t o p
Unsubscibe
unsuscribe
please stop
Please stop, thanks
stop stop stop
🛑 STOP 🛑
STOP 😡
please stop texting me
Can you stop calling me?
Could you please stop sending me these messages
stop with the texts
Stop all calls and texts
remove me from your list
Please remove my number
take me off your list
take me off this list please!
Take my number off your call list
do not call
Do not call me anymore
don't call
don\u2019t text me again
DONT CALL
do not contact me
Do not ever contact me again
never call this number again
no more messages
no more texts please
No more calls
leave me alone
LEAVE ME ALONE!!!
I want to opt out
how do i opt out
I revoke my consent
I withdraw my consent to be contacted
I no longer consent to these calls
put me on your do not call list
add me to your DNC list
I don't want any more texts
I don't want to receive these emails
i dont want to hear from you
I do not want to be contacted
I don't want you to call me
quit texting me
quit calling
lose my number
wrong number
you have the wrong number
not interested
Not interested, thanks
this is harassment
cease and desist
fuck off
Who is this? STOP
Who is this STOP
STOP I never signed up
alto
ALTO
Alto por favor
no me llamen
No me llamen más
no me escriban
No me escriban mas por favor
ya no me llamen
dejen de llamarme
deje de mandarme mensajes
no quiero más mensajes
no más mensajes
No más llamadas
No mas
quítenme de su lista
borre mi número
déjenme en paz
darme de baja
cancelar suscripción
basta
stop calling and texting me
Stop emailing me
please no more emails
don't call, text me instead
Do not email or call me
You keep calling. Please don't.  Stop.
delete my number
unsubscribe
Cancel my subscription
Please cancel all messages
I said stop
stop it
Get me off your list
opt me out
please don't contact me again
Never text me again
I never signed up for this, remove me
thank you but please stop contacting me
not to be contacted again please, remove me from the list
No calls please
Spam
I don't want these calls
stop spamming me
Stop harassing me
I did not ask for these texts
don't call me today or ever again
Stop please!!
stop contacting us
STOP STOP STOP
Stop messaging me
pls stop
plz stop txting me
Unsubscribe from list
END.
I would like to opt out of these messages
please take my name off of your list
kindly remove me
no longer interested please remove
Stop this
I do not wish to receive any more calls
I don't wish to be contacted
dont contact
do not reply to me again, leave me be
please cease all communication
Cease all contact immediately
you need to stop calling me
quit bothering me
don't bother me again
no thank you, please stop
Nope, take me off
why do you keep calling? stop
you're harassing me
do NOT text this number
Do not text or call this number
I told you not to call me
please discontinue these texts
Enough!
Enough with the texts
no mas mensajes por favor
No llamar
no llame mas
parar
deja de escribirme
NO ME LLAMES MAS
no quiero que me llamen
quiero darme de baja
favor de no llamar
REMOVE
dnc
put us on your no call list
lose this number
opt-out!
(stop)
Please don't call anymore
I've asked you to stop calling
Stop the calls
stop all of this texting
Can you take me off this list
get me off of this list
Don't ever text me
dont send me anything else
Please do not send any more emails
don't want any calls
i want you to stop
please stop all contact
I never gave consent to be called
Stopppp
STOP!STOP!
stop thx
ok stop
yes stop
Stop - wrong person
Not me. Stop
🛑
Who gave you my number? Remove it
remove it
Remove it please
Please remove it from your system
delete it
Delete it now
how did you get my email? delete it
Where did you get this number? Take it off
lose it
erase it
I don't know how you got this number but remove it
Who is this? Take it off your list
scrub it
Quien le dio mi numero? Borrelo
De donde saco mi numero? Quitelo
Quien te dio mi telefono? Eliminalo
borre mi numero
Como consiguio mi correo? Borrenlo
get rid of it
Get rid of my number
who gave u this number?? get it off ur list
You have my number, remove that
How do you have my info? Remove all of it
Are you going to stop calling me or do I call a lawyer?
When are you going to stop calling?
Would you stop texting me please
Will you please stop calling
Are you ever going to stop texting me?
Why dont you stop calling me
Can you stop texting me if I'm not interested?
Stop calling me if you are a robot
If you call again I sue. Stop calling
si no me interesa, dejen de llamar
puede dejar de llamarme?
""".strip().splitlines()
NONE = """
I can't stop thinking about the quote
non-stop
It rained non stop
don't cancel my appointment
stop by tomorrow
I'll stop by your office at 5
Can I stop in tomorrow?
call me
Call me tomorrow
text me instead
yes
No
no thanks
Hello
When does my policy end?
What's the end date
I quit my job last week
I quit smoking in 2010
Please cancel my old policy with State Farm
Can I cancel any time?
cancel my appointment for Friday
don't stop
Don't stop texting me
Please do not stop sending quotes
why did you stop calling me?
When did you stop sending texts?
I never got your call
I got no messages from you
no calls yet
you never called me back
don't forget to call me
do not call before 5pm
don't call me today
Don't call me at work
please don't text after 9
I don't text and drive
remove my son from the policy
please remove me from my ex husband's policy
The bus stop is on Main
stop sign ticket last year
Full stop.
the price is too high
el precio es muy alto
no me llamen antes de las 5
No me llamen hoy
I don't want to opt out
please don't unsubscribe me
I don't want to unsubscribe
I gave you the wrong number, it's 512-555-0123
Liked “Reply STOP to unsubscribe”
Reply STOP to unsubscribe
> Reply STOP to opt out
What time do you close? I get off at 5
I'm interested
We stopped at the light when he hit us
Nothing can stop me
can you email me the quote
I work nights so call me in the morning
Is it the end of the month?
the end
My coverage ends in May
I'd like to revoke the old beneficiary
How do I quit my current insurer
Yes, please contact me
top
shop
step
spot
post
🙂
12345
send me the link
sounds good, thanks!
I am not interested in the premium plan, the basic one please
Please call me back when you stop for lunch
if you call I may be at work
no problem
No worries
you can call or text me anytime
Let me know when you stop by
Alto Pass, Illinois
let me be clear, I want the quote
leave me a message
back off the price a little
please take 20 off my quote
Stop by the house at 3
I couldn't stop laughing
non-stop service
don't stop now
Can you stop the quote from expiring?
Does the policy end in May?
cancel culture
I need to cancel my State Farm policy first
quit claim deed
end of the year
please end my old policy
What happens if I quit?
Is there a stop loss?
The call ended
You ended the call
The texts are fine
I like these texts
Text me the details
Stop sign
I got stopped by police last year
We will not stop until we find a plan
how much to remove a driver
Please remove the second car
take me to the website
remove the rental coverage
I want to remove comprehensive
Don't worry
do not worry about it
Don't leave a message, I'll call you
My number is wrong on the form
no more than $100 a month
no more accidents since 2019
I have no calls scheduled
Is this spam?
Are you a real person?
No me interesa el dental, solo medico
Nope
call me after 5
please do not call until Monday
can't talk now
Don't call me now I'm driving
dont text me now im at work
Leave the message with my wife
I'll be done at 5
The best time to contact me is noon
never mind
Never been in an accident
Do not have insurance
I don't want full coverage
I don't want to pay more than 50
i dont want the expensive plan
Don't need dental
just stop in the office
I can stop at your office
the agent stopped answering
unsubscribed from the gym
I opted out of medicare part B
i quit my job so I need insurance
reach out anytime
Baja California
alto riesgo
no hay problema
No me llame hoy por favor
mi numero es 5125550123
Are you going to stop calling if I sign up?
Will you stop calling if I buy the policy?
Will the calls stop once I sign up?
Do you stop texting after I get a quote?
If I sign up will you stop calling me?
Would you stop calling once I enroll?
If I buy today do you stop emailing?
when i sign up do the texts stop?
Will you remove me from the list when I sign up?
How do I cancel my subscription if I sign up?
Are you going to cancel my consent once I enroll?
After I sign up, will you stop the calls?
Van a dejar de llamar si me inscribo?
Si compro el seguro, dejan de llamarme?
dejaran de llamar cuando firme?
Ya no me van a mandar mensajes si me inscribo?
Remove it from the quote
take it off the policy
Can you remove it from my bill
Delete it from the cart
The hail damaged my roof, remove it and replace it?
Quitelo de la poliza
I have an old boat on the policy, remove it
The second driver? remove it from the quote please
There is a deductible I dont like, take it off
How much if we take it off
I would remove it
did you remove it
""".strip().splitlines()
EVERY, CALLS, TEXTS, EMAILS = {"call", "sms", "email"}, {"call"}, {"sms"}, {"email"}
PHONE = CALLS | TEXTS


def is_opt_out(text: str) -> bool:
    return read_opt_out(text) is not None


@pytest.mark.parametrize("word", NAMED_BY_THE_RULE)
@pytest.mark.parametrize(
    "form", ["{}", "{}.", "{}!!", " {} ", "“{}”", "{} please", "Please {}", "{} 🛑", "{}, thanks"]
)
def test_the_words_of_the_rule_count_however_they_are_written(word: str, form: str) -> None:
    for text in (word, word.upper(), word.capitalize()):
        assert is_opt_out(form.format(text))


@pytest.mark.parametrize("text", OPT_OUTS)
def test_any_reasonable_words_count(text: str) -> None:
    assert is_opt_out(text)


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_one_does_not(text: str) -> None:
    assert read_opt_out(text) is None


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("Please stop texting me", TEXTS),
        ("no more texts", TEXTS),
        ("do not call", CALLS),
        ("Stop calling!", CALLS),
        ("don't call, text me instead", CALLS),
        ("Don't text me, just call", TEXTS),
        ("stop calling and texting me", PHONE),
        ("Do not email or call me", CALLS | EMAILS),
        ("No more calls or texts or emails", EVERY),
        ("stop sending me emails", EMAILS),
        ("please no more messages", TEXTS),
        ("no me llamen", CALLS),
        ("no me manden mas correos", EMAILS),
        ("never contact me again", EVERY),
        ("leave me alone", EVERY),
        ("remove me from your list", EVERY),
        ("I revoke my consent", EVERY),
        ("STOP", PHONE),
        ("alto", PHONE),
    ],
)
def test_it_says_which_ways_it_closes(text: str, ways: set[str]) -> None:
    found = read_opt_out(text, heard_by="sms")
    assert found is not None
    assert found.ways == ways


@pytest.mark.parametrize(
    ("heard_by", "ways"), [("sms", PHONE), ("call", PHONE), ("email", EMAILS), (None, EVERY)]
)
def test_a_word_that_names_no_way_closes_those_of_what_it_answers(
    heard_by: str | None, ways: set[str]
) -> None:
    found = read_opt_out("STOP", heard_by=heard_by)
    assert found is not None
    assert found.ways == ways


def test_messages_are_those_of_the_way_on_which_they_were_received() -> None:
    by_email = read_opt_out("no more messages please", heard_by="email")
    assert by_email is not None
    assert by_email.ways == EMAILS


def test_what_is_quoted_is_not_said() -> None:
    answer = "Yes, call me tomorrow.\n\nOn Mon, 3 Nov 2026, Acme wrote:\n> Reply STOP to opt out\nSTOP"
    assert not is_opt_out(answer)
    assert is_opt_out("STOP\n\nOn Mon, 3 Nov 2026, Acme wrote:\n> Your quote is ready")


KEYWORDS = st.sampled_from(["stop", "unsubscribe", "optout", "stopall", "revoke"])


@given(KEYWORDS, st.text(string.punctuation + " \n🛑😡", max_size=12), st.data())
def test_signs_case_and_blanks_around_a_keyword_change_nothing(
    word: str, around: str, data: st.DataObject
) -> None:
    assume("@" not in around and "$" not in around and not set(around) & set("'`"))
    cased = "".join(data.draw(st.sampled_from([letter.lower(), letter.upper()])) for letter in word)
    assume(not around.rstrip().endswith((">", "-", "_")))
    assert is_opt_out(f"{around}{cased}") or ">" in around
    assert is_opt_out(f"{cased}{around}")


@pytest.mark.parametrize("before", ["Hi, ", "Please. ", "🙏 "])
def test_politeness_takes_nothing_back(before: str) -> None:
    """But of a word or sign that means it only where it stands alone."""
    heard_no_more = {text for text in OPT_OUTS if not is_opt_out(before + text)}
    assert {text.strip().lower() for text in heard_no_more} <= {"end", "quit", "cancel", "🛑"}


@given(st.text(max_size=500))
def test_whatever_is_written_is_read(text: str) -> None:
    found = read_opt_out(text)
    assert found is None or (found.words and found.ways)


@given(st.text("abcdefghijklmnopqrstuvwxyz ,.!?'", max_size=200))
def test_two_readings_are_alike(text: str) -> None:
    assert read_opt_out(text) == read_opt_out(text.upper()) or "STOP" in text.upper()


def test_a_giant_message_is_read_in_good_time() -> None:
    for text in ("stop " * 20_000, "no no " * 20_000, "don't " * 20_000, "stop the " * 20_000, "a" * 10**6):
        read_opt_out(text)


def test_plain_text_has_one_blank_between_words_and_no_accents() -> None:
    assert plain("  Don\u2019t  llámenme MÁS — ¡por favor! ") == "dont llamenme mas por favor"


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("stop", "stop", 0),
        ("stpo", "stop", 1),
        ("sto", "stop", 1),
        ("stopp", "stop", 1),
        ("unsubcribe", "unsubscribe", 1),
    ],
)
def test_a_swap_of_neighbours_is_one_slip(one: str, other: str, far: int) -> None:
    assert distance(one, other) == far
