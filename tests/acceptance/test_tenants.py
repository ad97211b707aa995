"""Two businesses: whatever a person of one asks, at any address, nothing of the other is shown or changed.

Every screen, step, filter and action of the console, every page and every address of the API is found by
walking the product itself; see `tests/tenants.py`.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from leadping.accounts.roles import ALLOWED, Deed, Role
from leads.models import Lead
from tests.prepared import prepared
from tests.situations import let_one_pass, sign_in
from tests.tenants import (
    MARK,
    Place,
    Tenant,
    addresses_of,
    all_places,
    bearer,
    crossings,
    foreign_keys_named,
    form_fields,
    giveaways,
    make_members,
    make_tenant,
    model_at,
    screens,
    stored_of,
)

PLACES = all_places()
# Signing out ends the walk; the rest is for whoever watches the process, and about no business.
LEFT_OUT = re.compile(r"account/sign-out|console/logout|readyz|metrics")
WITH_IDS = [place for place in PLACES if place.parameters and not LEFT_OUT.match(place.route)]
WITHOUT_IDS = [place for place in PLACES if not place.parameters and not LEFT_OUT.match(place.route)]
# Ids of these are of something else: codes of errors, apps of the console, keys of the person's own.
OTHER_IDS = re.compile(
    r"docs/errors/|console/{app_label}|console/{url}|console/r/|account/second-factor/key/"
)


@prepared
def foreign(sandbox: str) -> Tenant:
    return make_tenant(MARK)


@prepared
def own(sandbox: str) -> Tenant:
    return make_tenant("own")


@pytest.fixture(params=Role)
def console(request: pytest.FixtureRequest, own: Tenant, foreign: Tenant) -> Client:
    """Signed in with each role in turn."""
    return signed_in(own, request.param)


@pytest.fixture
def owner(own: Tenant, foreign: Tenant) -> Client:
    return signed_in(own, Role.OWNER)


def signed_in(own: Tenant, role: Role) -> Client:
    client = Client()
    sign_in(client, make_members(own)[role])
    return client


def about_rows() -> Iterator[Place]:
    yield from (place for place in WITH_IDS if not OTHER_IDS.match(place.route))


def test_the_walk_finds_what_there_is() -> None:
    routes = {place.route for place in PLACES}
    assert {
        "leads/{id}",
        "submissions/{id}",
        "workspace/leads/{public_id}/",
        "workspace/leads/{public_id}/decision/",
        "console/leads/lead/{object_id}/audit/",
        "console/leads/lead/audit/",
        "console/sources/source/{object_id}/history/",
        "console/autocomplete/",
    } <= routes
    assert {model_at(place) for place in WITH_IDS} >= set(screens())


def test_every_screen_has_a_foreign_row_to_ask_for(foreign: Tenant) -> None:
    assert set(screens()) <= set(foreign.rows)


def test_a_foreign_id_is_no_id_anywhere(console: Client, foreign: Tenant) -> None:
    wrong = []
    for place in about_rows():
        for address in addresses_of(place, foreign):
            answer = console.get(address)
            expected = unknown_at(place) | ({403} if is_closed(console, place) else set())
            if answer.status_code not in expected or giveaways(text_of(answer), foreign, asked=address):
                wrong.append(f"{address}: {answer.status_code} {giveaways(text_of(answer), foreign)}")
    assert wrong == []


def is_closed(console: Client, place: Place) -> bool:
    """Whether the whole screen is not for this role, whatever the id."""
    if model_at(place) is None:
        return False
    return console.get(f"/{place.route.split('{', maxsplit=1)[0]}").status_code == 403


def unknown_at(place: Place) -> set[int]:
    """How an address answers to an id that is none. Some say something else before they look at it."""
    if place.route == "submissions/{id}":
        # For sources alone, and their key comes first.
        return {401}
    if place.route.endswith("{object_id}/") and model_at(place):
        # Leads on to `…/change/`, whatever the id.
        return {302}
    if place.route.endswith("/delete/"):
        # Either a step of ours, or Django's own page, which nobody may open.
        return {403, 404}
    sent_alone = place.route.endswith(("/decision/", "{id}/release"))
    return {404, 405} if sent_alone else {404}


def test_nothing_can_be_sent_to_a_foreign_id(console: Client, own: Tenant, foreign: Tenant) -> None:
    """With what the same form would send for a row of one's own."""
    before, wrong = stored_of(foreign.business), []
    for place in about_rows():
        for address, home in zip(addresses_of(place, foreign), addresses_of(place, own), strict=False):
            fields = {**form_fields(console.get(home)), "reason": "Because.", "decision": "release"}
            answer = console.post(address, {**fields, "post": "yes"})
            if answer.status_code < 300 or giveaways(text_of(answer), foreign, asked=address):
                wrong.append(f"{address}: {answer.status_code} {giveaways(text_of(answer), foreign)}")
    assert wrong == []
    assert stored_of(foreign.business) == before


def test_no_page_without_an_id_shows_anything_foreign(console: Client, foreign: Tenant) -> None:
    wrong = []
    for place in WITHOUT_IDS:
        answer = console.get("/" + place.route)
        if answer.status_code >= 500 or giveaways(text_of(answer), foreign):
            wrong.append(f"{place.route}: {answer.status_code} {giveaways(text_of(answer), foreign)}")
    assert wrong == []


def test_no_page_of_ones_own_shows_or_offers_anything_foreign(
    console: Client, own: Tenant, foreign: Tenant
) -> None:
    wrong = []
    for place in about_rows():
        for address in addresses_of(place, own):
            answer = console.get(address, follow=True)
            if answer.status_code >= 500 or giveaways(text_of(answer), foreign):
                wrong.append(f"{address}: {answer.status_code} {giveaways(text_of(answer), foreign)}")
    assert wrong == []


def test_no_form_of_ones_own_takes_a_foreign_id(owner: Client, own: Tenant, foreign: Tenant) -> None:
    before, wrong = stored_of(foreign.business), []
    homes = [address for place in about_rows() for address in addresses_of(place, own)]
    for address in [*("/" + place.route for place in WITHOUT_IDS), *homes]:
        fields = form_fields(owner.get(address))
        alien = foreign_keys_named(fields, foreign)
        for name, row_id in alien.items():
            answer = owner.post(address, {**fields, "reason": "Because.", name: row_id})
            if giveaways(text_of(answer), foreign, asked=row_id):
                wrong.append(f"{address} {name}: {giveaways(text_of(answer), foreign, asked=row_id)}")
    assert wrong == []
    assert crossings() == []
    assert stored_of(foreign.business) == before


def filters_of(model: type[Model], page: str) -> set[str]:
    """All that a list might be asked by: its own filters, its foreign keys and what its page links to."""
    offered = set(re.findall(r"[?&;]([a-z_]+)=", page))
    keys = {field.name for field in model._meta.concrete_fields if field.many_to_one}
    return offered | {f"{key}{way}" for key in keys for way in ("", "__exact", "__id__exact", "__business")}


@pytest.mark.parametrize("model", screens(), ids=lambda model: model.__name__)
def test_no_filter_of_a_list_tells_of_a_foreign_row(
    owner: Client, foreign: Tenant, model: type[Model]
) -> None:
    address = reverse(f"console:{screens()[model].url_name('changelist')}")
    wrong = []
    for name in sorted(filters_of(model, owner.get(address).text)):
        for text in asked_for(foreign):
            query = urlencode({name: text})
            answer = owner.get(f"{address}?{query}")
            if answer.status_code not in {200, 302, 400} or giveaways(text_of(answer), foreign, asked=text):
                wrong.append(
                    f"{query}: {answer.status_code} {giveaways(text_of(answer), foreign, asked=text)}"
                )
            elif answer.status_code == 302 and "e=1" not in answer.headers["Location"]:
                wrong.append(f"{query} leads to {answer.headers['Location']}")
    assert wrong == []


def asked_for(foreign: Tenant) -> list[str]:
    """Ids inside and outside, and a name. What a page says of what was typed is no news to who typed it."""
    kinds = (type(foreign.sender.source), type(foreign.business), Lead)
    rows: list[Any] = [foreign.row(kind) for kind in kinds]
    return [text for row in rows for text in (str(row.pk), row.public_id)] + [f"{MARK}@example.com"]


@pytest.mark.parametrize("model", screens(), ids=lambda model: model.__name__)
def test_no_action_reaches_a_foreign_row(
    owner: Client, own: Tenant, foreign: Tenant, model: type[Model]
) -> None:
    screen, before = screens()[model], stored_of(foreign.business)
    address = reverse(f"console:{screen.url_name('changelist')}")
    for name in [action[1] for action in screen._get_base_actions()]:
        for chosen in ([foreign.row(model).pk], [own.row(model).pk, foreign.row(model).pk]):
            sent = {"action": name, ACTION_CHECKBOX_NAME: [str(pk) for pk in chosen], "reason": "Because."}
            answer = owner.post(address, {**sent, "post": "yes", "confirmed": "1"}, follow=True)
            assert giveaways(text_of(answer), foreign, asked=str(foreign.row(model).pk)) == []
    assert stored_of(foreign.business) == before


def test_autocomplete_completes_to_nothing_foreign(console: Client, foreign: Tenant) -> None:
    wrong = []
    for model in foreign.rows:
        for field in model._meta.concrete_fields:
            asked = {
                "app_label": model._meta.app_label,
                "model_name": str(model._meta.model_name),
                "field_name": field.name,
            }
            for term in ("", MARK[:4]):
                answer = console.get(reverse("console:autocomplete"), {**asked, "term": term})
                if answer.status_code not in {200, 403} or giveaways(text_of(answer), foreign):
                    wrong.append(f"{asked}: {answer.status_code} {giveaways(text_of(answer), foreign)}")
    assert wrong == []


def test_no_question_to_the_workspace_or_the_api_finds_a_foreign_row(owner: Client, foreign: Tenant) -> None:
    wrong = []
    lists = ["/workspace/leads/", "/leads", "/console/search/"]
    for address in lists:
        names = set(re.findall(r'name="([a-z_A-Z.\[\]-]+)"', owner.get(address).text)) | api_parameters(owner)
        for name in sorted(names):
            for text in asked_for(foreign):
                answer = owner.get(address, {name: text}, follow=True)
                if answer.status_code >= 500 or giveaways(text_of(answer), foreign, asked=text):
                    wrong.append(
                        f"{address}?{name}={text}: {giveaways(text_of(answer), foreign, asked=text)}"
                    )
    assert wrong == []


def api_parameters(client: Client) -> set[str]:
    described = client.get("/schema", headers={"Accept": "application/json"}).json()["paths"]["/leads"]["get"]
    names = {parameter["name"] for parameter in described.get("parameters", [])}
    assert len(names) > 5
    return names


@pytest.mark.parametrize("role", Role)
def test_a_user_token_reads_nothing_foreign(own: Tenant, foreign: Tenant, role: Role) -> None:
    program, wrong = bearer(make_members(own)[role]), []
    assert len(
        program.get("/leads").json()["results" if "results" in program.get("/leads").json() else "leads"]
    )
    for place in about_rows():
        if place.app or place.route.startswith(("console", "workspace", "account")):
            continue
        for address in addresses_of(place, foreign):
            answer = program.get(address)
            if answer.status_code not in unknown_at(place) or giveaways(
                text_of(answer), foreign, asked=address
            ):
                wrong.append(f"{address}: {answer.status_code}")
    assert wrong == []
    assert giveaways(program.get("/leads").text, foreign) == []


def test_a_source_key_looks_up_nothing_of_another_source(own: Tenant, foreign: Tenant) -> None:
    for text in (row.public_id for row in foreign.rows.values() if hasattr(row, "public_id")):
        for address in (f"/submissions/{text}", f"/leads/{text}"):
            answer = own.sender.client.get(address, headers=own.sender.credentials)
            assert answer.status_code in {401, 403, 404}
            assert giveaways(text_of(answer), foreign, asked=text) == []


@pytest.mark.parametrize("role", Role)
def test_each_role_is_turned_away_from_what_the_table_does_not_allow(
    own: Tenant, foreign: Tenant, role: Role
) -> None:
    """On rows of the own business: every step of every screen, adding and changing, page and form alike."""
    client, wrong = signed_in(own, role), []
    before = stored_of(own.business)
    for model, screen in screens().items():
        for page, deeds in [
            *((name, step.deeds) for name, step in screen.steps.items()),
            *plain_pages(screen),
        ]:
            if any(role in ALLOWED[deed] for deed in deeds):
                continue
            address = reverse(
                f"console:{screen.url_name(page)}", args=[] if page == "add" else [own.row(model).pk]
            )
            fields = {"reason": "Because.", "name": "Changed", "role": "viewer"}
            sent, read = client.post(address, fields).status_code, client.get(address).status_code
            # Of a row that the role may not even see, 404 is said, as of one that does not exist.
            if sent not in {403, 404} or read not in {403, 404, *({200} if page == "change" else ())}:
                wrong.append(f"{role} {address}: {read}, {sent}")
    assert wrong == []
    assert stored_of(own.business) == before


def plain_pages(screen: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """Read-only screens have no deed: nobody adds or changes there."""
    deed = getattr(screen, "deed", None)
    return [(page, (deed,) if deed else ()) for page in ("add", "change")]


@pytest.mark.parametrize("role", Role)
def test_the_workspace_decides_only_for_the_roles_that_may(own: Tenant, role: Role) -> None:
    client = signed_in(own, role)
    lead = Lead.objects.get(business=own.business)
    lead.overrides.all().delete()
    let_one_pass(own.business)
    answer = client.post(
        reverse("workspace:decide", args=[lead.public_id]), {"decision": "release", "reason": "Because."}
    )
    lead.refresh_from_db()
    assert (lead.status == Lead.Status.ACCEPTED) is (role in ALLOWED[Deed.DECIDE_HELD])
    assert (answer.status_code == 403) is (role not in ALLOWED[Deed.DECIDE_HELD])


def text_of(answer: Any) -> str:
    """The body and where it leads; of a download all of it."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode(errors="replace") + answer.headers.get("Location", "")
