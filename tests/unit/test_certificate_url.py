"""Which texts are a certificate URL, what is made of them, and what a sender is told about the others."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compliance.trustedform.url import (
    SAMPLE_IDS,
    CertificateUrl,
    UrlFault,
    looks_like_certificate,
    read_certificate_url,
)

HEX = "ff5e209f324c43e2cf57ce1a080e778fecbf8285"
MOBILE = "11NgkzK_mroUbOD1-x66NigAbCdEfGhIjKlMnOpQ"
META = "0.rpM21dAbCdEfGhIjKlMnOp.OHOMoMFXAbCdEfGhIjKlMn.1vnf6DTWAbCdEfGhIjKlMn"


def url_of(certificate_id: str) -> str:
    return f"https://cert.trustedform.com/{certificate_id}"


@pytest.mark.parametrize(
    "certificate_id",
    ["example", HEX, MOBILE, MOBILE + MOBILE, META, "533c80270218239ec3000012", "x" * 255],
    ids=["seeds", "web", "mobile 40", "mobile 80", "meta", "24 hex", "longest"],
)
def test_an_id_of_any_shape_is_accepted(certificate_id: str) -> None:
    assert read_certificate_url(url_of(certificate_id)) == CertificateUrl(
        url_of(certificate_id), certificate_id
    )


@pytest.mark.parametrize(
    "text",
    [
        f"http://cert.trustedform.com/{HEX}",
        f"HTTPS://Cert.TrustedForm.COM/{HEX}",
        f"  https://cert.trustedform.com/{HEX}\n",
        f"https://cert.trustedform.com/{HEX}/",
        f"https://cert.trustedform.com/{HEX}?shared_token=abc",
        f"https://cert.trustedform.com/{HEX}#top",
        f"https://cert.trustedform.com/{HEX.upper()}",
    ],
)
def test_the_same_certificate_written_otherwise_is_the_same(text: str) -> None:
    assert read_certificate_url(text) == CertificateUrl(url_of(HEX), HEX)


def test_the_id_of_a_mobile_certificate_keeps_its_case() -> None:
    assert read_certificate_url(url_of(MOBILE)) == CertificateUrl(url_of(MOBILE), MOBILE)


@pytest.mark.parametrize("text", [f"{url_of(HEX)},{url_of('other')}", f" , {url_of(HEX)} , nonsense,"])
def test_of_a_comma_list_the_first_is_taken_and_it_is_said(text: str) -> None:
    assert read_certificate_url(text) == CertificateUrl(url_of(HEX), HEX, several=True)


def test_a_comma_that_separates_nothing_is_no_list() -> None:
    assert read_certificate_url(f"{url_of(HEX)},") == CertificateUrl(url_of(HEX), HEX)


MALFORMED = {
    "": "xxTrustedFormCertUrl",
    ",": "xxTrustedFormCertUrl",
    "undefined": "xxTrustedFormCertUrl",
    "https://": "xxTrustedFormCertUrl",
    "javascript:alert(1)": "xxTrustedFormCertUrl",
    f"ftp://cert.trustedform.com/{HEX}": "xxTrustedFormCertUrl",
    f"cert.trustedform.com/{HEX}": "Begin with https://",
    f"//cert.trustedform.com/{HEX}": "Begin with https://",
    HEX: "send the whole URL",
    META: "send the whole URL",
    f"https://cert.trustedform.com:443/{HEX}": "https://cert.trustedform.com/ and then the id",
    f"https://cert.trustedform.com:8443/{HEX}": "https://cert.trustedform.com/ and then the id",
    f"https://cert.trustedform.com:/{HEX}": "https://cert.trustedform.com/ and then the id",
    f"https://user:key@cert.trustedform.com/{HEX}": "https://cert.trustedform.com/ and then the id",
    f"https:\\\\cert.trustedform.com\\{HEX}": "xxTrustedFormCertUrl",
    f"https://cert.trustedform.com/{HEX}\\x": "xxTrustedFormCertUrl",
    f"https://cert.trustedform.com/{HEX} {HEX}": "xxTrustedFormCertUrl",
    f"https://cert.trustedform.com/{HEX}\x00": "xxTrustedFormCertUrl",
    f"https://cert.trustedform.com/{HEX}é": "xxTrustedFormCertUrl",
    f"https://cert.trustedform.com/{HEX}%2e": "xxTrustedFormCertUrl",
    "https://cert.trustedform.com": "xxTrustedFormCertUrl",
    "https://cert.trustedform.com/": "xxTrustedFormCertUrl",
    "https://cert.trustedform.com/..": "xxTrustedFormCertUrl",
    "https://cert.trustedform.com/?id=1": "xxTrustedFormCertUrl",
    f"https://cert.trustedform.com//{HEX}": "xxTrustedFormCertUrl",
    f"https://cert.trustedform.com/{'x' * 256}": "xxTrustedFormCertUrl",
    f"https://cert.trustedform.com/a/{HEX}": "xxTrustedFormCertUrl",
    f"https://cert.trustedform.com/{HEX}/validate": "Leave off /validate.",
    f"https://cert.trustedform.com/{HEX}/peek/": "Leave off /peek.",
    f"https://cert.trustedform.com/{HEX}/snapshot/index.html?shared_token=a": "Leave off /snapshot/index",
}


@pytest.mark.parametrize(("text", "hint"), MALFORMED.items())
def test_what_is_no_certificate_url_is_malformed_with_a_hint(text: str, hint: str) -> None:
    fault = read_certificate_url(text)

    assert isinstance(fault, UrlFault)
    assert fault.code == "certificate_malformed"
    assert hint in fault.hint


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "trustedform.com",
        "www.trustedform.com",
        "api.trustedform.com",
        "app.trustedform.com",
        "snapshots.trustedform.com",
        "cert.staging.trustedform.com",
        "cert.trustedform-dev.com",
        "cert.trustedform.localhost",
        "cert.trustedform.com.evil.example",
        "cert.trustedform.com.",
        "certXtrustedform.com",
        "cert.trustedform.com@evil.example",
        "cert.trustedform.com:443@evil.example",
        "cert%2etrustedform.com",
        "evil.example:443",
        "[::1]",
    ],
)
def test_any_other_host_is_the_wrong_one(host: str) -> None:
    fault = read_certificate_url(f"https://{host}/{HEX}")

    assert isinstance(fault, UrlFault)
    assert fault.code == "certificate_wrong_host"


@pytest.mark.parametrize(
    "text", [f"https://ping.trustedform.com/{META}", f"http://PING.trustedform.com/{HEX}"]
)
def test_a_ping_url_is_told_apart(text: str) -> None:
    fault = read_certificate_url(text)

    assert isinstance(fault, UrlFault)
    assert fault.code == "certificate_ping_url"


@pytest.mark.parametrize("certificate_id", sorted({*SAMPLE_IDS, *map(str.upper, SAMPLE_IDS)}))
def test_the_sample_of_the_documentation_is_refused(certificate_id: str) -> None:
    fault = read_certificate_url(url_of(certificate_id))

    assert isinstance(fault, UrlFault)
    assert fault.code == "certificate_sample"


HOSTS = st.sampled_from(
    ["cert.trustedform.com", "CERT.trustedform.com", "ping.trustedform.com", "evil.example"]
)
NEARLY = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["https://", "http://", "HTTP://", "//", "", " https://"]),
    st.sampled_from(["", "user@", "a:b@"]),
    HOSTS,
    st.sampled_from(["/", ":443/", "//", "", "?"]),
    st.text(alphabet="aF09-_./?#,%\\@: é\x00", max_size=60),
)


@given(st.one_of(st.text(), NEARLY))
@example(f"https://cert.trustedform.com/{HEX.upper()}/")
def test_any_text_is_read_and_what_is_accepted_reads_as_itself(text: str) -> None:
    reading = read_certificate_url(text)

    if isinstance(reading, CertificateUrl):
        assert reading.url == f"https://cert.trustedform.com/{reading.id}"
        assert read_certificate_url(reading.url) == CertificateUrl(reading.url, reading.id)
    else:
        assert reading.message
        assert reading.hint


@given(NEARLY)
def test_no_fault_repeats_what_was_sent(text: str) -> None:
    reading = read_certificate_url(f"{text}-secret-part")

    assert isinstance(reading, CertificateUrl) or "secret-part" not in reading.message + reading.hint


@pytest.mark.parametrize(
    "name",
    [
        "trusted_form",
        "trusted_form_url",
        "TrustedForm",
        "Trusted_Form_URL",
        "xxTrustedFormCertUrl",
        "xxTrustedFormCertUrl_0",
        "xxTrustedFormToken",
        "trustedform_cert_url",
        "trusted-form-certificate-url",
        "supplier_trustedform_token",
        "tf_cert",
        "tf_cert_url_1",
        "tfUrl",
    ],
)
def test_a_certificate_is_recognised_by_its_fields_name(name: str) -> None:
    assert looks_like_certificate(name, "anything")


@pytest.mark.parametrize("value", [url_of(HEX), f" HTTP://cert.TrustedForm.com/{HEX}"])
def test_a_certificate_is_recognised_by_its_value_whatever_its_field_is_called(value: str) -> None:
    assert looks_like_certificate("tcpa_field", value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("landing", "https://example.com/"),
        ("leadid_token", "063A3537-2A60-890C-5F89-D2435448FD1D"),
        ("certificate", {"url": 1}),
        ("", None),
        ("xxTrustedFormPingUrl", f"https://ping.trustedform.com/{META}"),
    ],
)
def test_other_fields_are_not_taken_for_a_certificate(name: str, value: object) -> None:
    assert not looks_like_certificate(name, value)
