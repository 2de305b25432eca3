import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.network_portal.pages")]


def test_control_characters_vanish_from_the_query_string(client):
    response = client.get("/echo/?q=%00%D0%BC%08%D0%B0%1F&page=%7F1&%00x=1")
    assert response.json()["get"] == {"q": ["ма"], "page": ["1"], "x": ["1"]}


def test_line_ends_tabs_and_every_ordinary_sign_stay(client):
    text = "один\r\n\tдва — №5 «ё» 😀 \u200d\u0301 \u00a0"
    assert client.post("/echo/", {"text": text}).json()["post"] == {"text": [text]}


def test_typed_text_is_kept_without_what_nobody_types(client):
    response = client.post("/echo/", {"text": "при\x00вет\x0b\ufffe", "other": ["a", "b\x02"]})
    assert response.json()["post"] == {"text": ["привет"], "other": ["a", "b"]}


def test_form_with_a_file_is_cleaned_and_the_file_left_alone(people, as_):
    client = as_(people.teacher)  # files of guests are not taken
    file = SimpleUploadedFile("план.txt", b"\x00\x01\x02")
    answer = client.post("/echo/", {"title": "т\x00ема", "file": file}).json()
    assert answer["post"] == {"title": ["тема"]}
    assert answer["files"] == {"file": ["план.txt", 3]}


def test_bytes_that_are_no_text_do_not_break_the_page(client):
    response = client.get("/echo/?q=%ED%A0%80%FF%C3")
    assert response.status_code == 200
    json.dumps(response.json()).encode()


@pytest.mark.parametrize("path", ["/echo/%00/", "/echo/a%1Fb/", "/echo/%EF%BF%BE/"])
def test_address_of_such_characters_is_refused_in_russian(client, path):
    response = client.get(path)
    assert response.status_code == 400
    assert "<h1" in response.content.decode()


def test_form_in_an_encoding_of_half_characters_is_refused(client):
    body = '--b\r\nContent-Disposition: form-data; name="q"\r\n\r\n\\ud800\r\n--b--\r\n'
    response = client.generic(
        "POST", "/echo/", body, "multipart/form-data; boundary=b; charset=raw_unicode_escape"
    )
    assert response.status_code == 400


def test_cookie_with_such_characters_is_not_believed(client):
    client.cookies["sessionid"] = "a\x00b"
    client.cookies["theme"] = "dark"
    assert client.get("/echo/").json()["cookies"] == {"theme": "dark"}


def test_clean_input_is_handed_on_as_it_came(rf):
    from network_portal.middleware import cleaned

    data = rf.get("/?q=1&q=2").GET
    assert cleaned(data) is data
