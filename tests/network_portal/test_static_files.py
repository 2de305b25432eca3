"""Templates, styles and scripts: nothing foreign, nothing inline."""

import re

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
SOURCES = [
    *TEMPLATES,
    *sorted((settings.BASE_DIR / "static").rglob("*.css")),
    *sorted((settings.BASE_DIR / "static").rglob("*.js")),
    *sorted((settings.BASE_DIR / "static").rglob("*.svg")),
]
FOREIGN = re.compile(r"(?<![\w.])(?:https?:)?//(?!www\.w3\.org/)[\w.-]+\.\w{2,}", re.I)
INLINE = re.compile(
    r"\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:"
    r"|\shx-on[:-]|[\"']js:",
    re.I,
)
MODERN = re.compile(r"color-mix\(|oklch\(|light-dark\(|:has\(|@scope|@starting-style")


def name(path):
    return str(path.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_file_loads_or_names_a_foreign_address(path):
    assert FOREIGN.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_holds_inline_styles_or_scripts(path):
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="x">',
        "<script>1</script>",
        '<a onclick="x">',
        '<a href="javascript:x">',
        '<b hx-on:click="x">',
    ],
)
def test_the_check_notices_inline_code(bad):
    assert INLINE.search(bad)


@pytest.mark.parametrize("bad", ["https://cdn.example/x.js", '"//cdn.example/x.css"'])
def test_the_check_notices_a_foreign_address(bad):
    assert FOREIGN.search(bad)


def test_styles_work_in_the_oldest_office_browser():
    css = (settings.BASE_DIR / "static/css/portal.css").read_text(encoding="utf-8")
    assert MODERN.findall(css) == []
    assert css.count("{") == css.count("}")


@pytest.mark.parametrize(
    "path", sorted((settings.BASE_DIR / "templates/components").glob("*.html")), ids=name
)
def test_a_component_names_its_arguments_in_its_first_line(path):
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("{# ")
    assert first.endswith(" #}")


def test_every_post_form_carries_its_token():
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.S):
            assert "{% csrf_token %}" in form, name(path)
