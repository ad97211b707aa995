"""What `make run` says when all is up: where to look, how to sign in, and how to send a lead. Pure."""

import shlex
from typing import Any

from leadping.run.sample_source import KEPT_IN, SampleSource
from leadping.run.samples import SampleRequest, to_flat_door, to_query_door, to_structured_door

CHANGE_PASSWORD = ".venv/bin/python manage.py changepassword"  # noqa: S105 (a command)

LEAD = {
    "firstName": "Jordan",
    "lastName": "Example",
    "email": "jordan@example.com",
    "phone": "+15555550123",
    "state": "TX",
    "product": "Medicare Advantage",
    "trustedFormUrl": "https://cert.trustedform.com/example",
}


def announcement(address: str, owner: dict[str, Any], source: SampleSource | None, *, mail: str) -> str:
    """`owner` is what the command `setup` answered, `mail` where mail goes."""
    return "\n".join(
        (
            "",
            f"Leadping is ready.  Console    {address}/console/",
            f"                    Workspace  {address}/workspace/leads/",
            f"                    API docs   {address}/docs",
            f"                    Mail       {mail}",
            "",
            *sign_in(owner),
            "",
            *(source_lines(address, source) if source else no_source_lines()),
            "",
            "Ctrl-C stops it all.",
            "",
        )
    )


def sign_in(owner: dict[str, Any]) -> list[str]:
    if "password" not in owner:
        return [f"Sign in as before; a forgotten password is replaced by: {CHANGE_PASSWORD} EMAIL"]
    return [
        f"Sign in as {owner['email']} with the password {owner['password']}",
        f"It is shown only now; another one is set by: {CHANGE_PASSWORD} {owner['email']}",
    ]


def source_lines(address: str, source: SampleSource) -> list[str]:
    curls = [curl(address, door(LEAD), source) for door in (to_structured_door, to_flat_door, to_query_door)]
    return [
        f"A lead that came in: {address}/workspace/leads/{source.lead_id}/",
        "",
        f"Send one yourself, through each of the three doors (the sample source's key is kept in {KEPT_IN}):",
        *(line for command in curls for line in ("", command)),
    ]


def no_source_lines() -> list[str]:
    return ["To send a lead, make a source and its key in the console, or with manage.py createsource."]


def curl(address: str, request: SampleRequest, source: SampleSource) -> str:
    headers = {
        "X-Leadping-Source-Id": source.source_id,
        "X-Leadping-Source-Key": source.api_key,
        **request.headers,
    }
    words = ["curl", "-sS", address + request.path, "-w", r"\n"]
    words += [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    if request.body:
        words += ["-d", request.body.decode()]
    return shlex.join(words)
