"""Model names, one string each: parsed, printed, labelled, refused."""

from __future__ import annotations

import pytest

from playground.catalog import (
    ModelName,
    parse_name,
)
from playground.domain.errors import BadRequest

OLLAMA = "http://127.0.0.1:11434/v1"

# (typed, canonical)
NAMES = [
    ("demo-instruct", "demo-instruct"),
    ("  demo-thinking\n", "demo-thinking"),
    ("demo-thinking?dtype=fp32", "demo-thinking?dtype=fp32"),
    ("Qwen/Qwen3-4B-Thinking-2507", "Qwen/Qwen3-4B-Thinking-2507"),
    ("Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B"),
    ("a/b", "a/b"),
    ("Qwen/Qwen3-0.6B?thinking=off", "Qwen/Qwen3-0.6B?thinking=off"),
    ("Qwen/Qwen3-0.6B?thinking=off&dtype=bf16", "Qwen/Qwen3-0.6B?dtype=bf16&thinking=off"),
    ("Qwen/Qwen3-0.6B?hub=modelscope&dtype=bf16", "Qwen/Qwen3-0.6B?dtype=bf16&hub=modelscope"),
    ("Qwen/Qwen3-0.6B@main", "Qwen/Qwen3-0.6B@main"),
    ("Qwen/Qwen3-0.6B@refs/pr/1", "Qwen/Qwen3-0.6B@refs/pr/1"),
    ("Qwen/Qwen3-0.6B@v1.0-rc%2B1", "Qwen/Qwen3-0.6B@v1.0-rc%2B1"),
    ("Qwen/Qwen3-0.6B@a%40b", "Qwen/Qwen3-0.6B@a%40b"),
    ("Qwen/Qwen3-0.6B@feature%3Fx", "Qwen/Qwen3-0.6B@feature%3Fx"),
    ("Qwen/Qwen3-0.6B+me/lora", "Qwen/Qwen3-0.6B+me/lora"),
    ("Qwen/Qwen3-0.6B+./lora", "Qwen/Qwen3-0.6B+./lora"),
    ("Qwen/Qwen3-0.6B+/a/b%2Bc", "Qwen/Qwen3-0.6B+/a/b%2Bc"),
    ("Qwen/Qwen3-0.6B@dev+me/lora?dtype=fp16", "Qwen/Qwen3-0.6B@dev+me/lora?dtype=fp16"),
    ("Qwen/Qwen3-0.6B+me/lora@v2", "Qwen/Qwen3-0.6B+me/lora%40v2"),
    ("./my-model", "./my-model"),
    ("./my-model/", "./my-model"),
    ("../other model", "../other model"),
    ("/", "/"),
    ("/models/qwen/", "/models/qwen"),
    ("~", "~"),
    ("~/models/qwen", "~/models/qwen"),
    (".", "."),
    ("..", ".."),
    ("C:\\models\\qwen", "C:\\models\\qwen"),
    ("C:/models/qwen\\", "C:/models/qwen"),
    ("C:\\", "C:\\"),
    ("\\\\host\\share\\qwen", "\\\\host\\share\\qwen"),
    ("./modèle/数学", "./modèle/数学"),
    ("./a%40b", "./a%40b"),
    ("./a%2Bb", "./a%2Bb"),
    ("./a%3Fb", "./a%3Fb"),
    ("./100%", "./100%25"),
    ("./50%25@dev", "./50%25@dev"),
    ("./a%20", "./a%20"),
    ("./a%C2%A0", "./a%C2%A0"),
    ("./a&b=c#d", "./a&b=c#d"),
    ("./a%2Bb@dev+./c%40d?dtype=bf16", "./a%2Bb@dev+./c%40d?dtype=bf16"),
    ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
    ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"),
    ("HTTPS://Example.ORG/API/v1", "https://example.org/API/v1"),
    ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ("http://localhost", "http://localhost"),
    (f"{OLLAMA}?model=qwen3:4b-instruct", f"{OLLAMA}?model=qwen3:4b-instruct"),
    (f"{OLLAMA}?model=Qwen/Qwen3-4B", f"{OLLAMA}?model=Qwen/Qwen3-4B"),
    (f"{OLLAMA}?model=a+b", f"{OLLAMA}?model=a+b"),
    (f"{OLLAMA}?model=a%2Bb%26c", f"{OLLAMA}?model=a%2Bb%26c"),
    (f"{OLLAMA}?thinking=off&model=x", f"{OLLAMA}?model=x&thinking=off"),
    ("http://host/a@b+c/v1", "http://host/a@b+c/v1"),
]


def refusal(text: str) -> str:
    with pytest.raises(BadRequest) as caught:
        parse_name(text)
    return str(caught.value)


@pytest.mark.parametrize(("typed", "canonical"), NAMES)
def test_a_name_is_printed_in_its_one_form(typed: str, canonical: str) -> None:
    assert str(parse_name(typed)) == canonical


@pytest.mark.parametrize("typed", [typed for typed, _ in NAMES])
def test_a_printed_name_means_the_same(typed: str) -> None:
    name = parse_name(typed)
    assert parse_name(str(name)) == name


PARTS = ["plain", "a@b", "a+b", "a?b", "a%b", "%41", " a b ", "é数", "a&b=c", "r/s", "#"]


@pytest.mark.parametrize("part", PARTS)
def test_any_character_may_stand_in_any_part(part: str) -> None:
    name = ModelName(f"./{part}", "folder", part, part, (("hub", part),))
    assert parse_name(str(name)) == name
    server = ModelName("http://host/v1", "server", options=(("model", part),))
    assert parse_name(str(server)) == server


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("demo-instruct", ModelName("demo-instruct", "builtin")),
        ("a/b@r/s+c/d?hub=x", ModelName("a/b", "hub", "r/s", "c/d", (("hub", "x"),))),
        ("./a%40b%2Bc%3Fd@r", ModelName("./a@b+c?d", "folder", "r")),
        ("./a@b@c", ModelName("./a@b", "folder", "c")),
        ("./demo-instruct", ModelName("./demo-instruct", "folder")),
        (
            f"{OLLAMA}?model=qwen3:4b",
            ModelName(OLLAMA, "server", options=(("model", "qwen3:4b"),)),
        ),
    ],
)
def test_a_name_is_taken_apart(text: str, name: ModelName) -> None:
    assert parse_name(text) == name


def test_the_order_of_options_does_not_matter() -> None:
    ordered, other = (f"a/b?{query}" for query in ("thinking=x&hub=y", "hub=y&thinking=x"))
    assert parse_name(ordered) == parse_name(other)


def test_an_option_that_is_not_given_is_null() -> None:
    name = parse_name("a/b?dtype=bf16")
    assert (name.option("dtype"), name.option("hub")) == ("bf16", None)


@pytest.mark.parametrize(
    "junk",
    [
        "",
        " ",
        "qwen",
        "demo",
        "demo-instruct2",
        "a/b/c",
        "/a/b\x00",
        "./a%00b",
        "./a%0Ab",
        "a/b@%0A",
        "a /b",
        "é/b",
        "a/bé",
        "a/b@",
        "a/b+",
        "a/b@+c",
        "@main",
        "+lora",
        "a//b",
        "..//a\x7f",
        "file:///model",
        "<script>",
    ],
)
def test_what_is_no_name_is_refused_with_the_names_there_are(junk: str) -> None:
    message = refusal(junk)
    assert "is not a model name" in message
    assert all(hint in message for hint in ("demo-instruct", "Qwen/", "./my-model", "server URL"))


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "https:///v1",
        "http://host:0/v1",
        "http://host:99999",
        "http://host:port/v1",
        "http://ho st/v1",
        "http://host/v1#part",
        "http://host\t/v1",
        "http://host\x00/v1",
        "http://[::1/v1",
    ],
)
def test_what_is_no_server_url_is_refused_with_one_that_is(url: str) -> None:
    assert refusal(url) == (
        f"{url!r} is not a server URL. Use one such as http://127.0.0.1:8000/v1."
    )


SECRET = "s3cret"


@pytest.mark.parametrize(
    "text",
    [
        f"http://me:{SECRET}@host/v1",
        f"https://{SECRET}@host/v1?model=a",
        f"http://:{SECRET}@host/v1",
        f"http://me:{SECRET}@/v1",
        f"http://me:{SECRET}@ho st/v1",
        f"http://me:{SECRET}@host:0/v1",
        f"ftp://me:{SECRET}@host/v1",
        f"http://host/v1?api_key={SECRET}",
        f"http://host/v1?model=a&key={SECRET}",
        f"a/b?token={SECRET}",
        f"a/b?hub=x&hub=y&api_key={SECRET}",
    ],
)
def test_a_key_is_refused_and_never_repeated(text: str) -> None:
    assert SECRET not in refusal(text)


@pytest.mark.parametrize("text", ["http://me:pw@host/v1", "http://pw@host", "http://@host/v1"])
def test_a_password_belongs_into_the_environment(text: str) -> None:
    assert refusal(text).endswith("Put it into the environment.")


def test_an_unknown_option_is_refused_with_the_known_ones() -> None:
    message = refusal("a/b?color=red")
    assert "'color'" in message
    assert "thinking, dtype, context, hub, model" in message


@pytest.mark.parametrize("text", ["a/b?dtype=", "a/b?dtype", "a/b?dtype=%00"])
def test_an_option_without_a_value_is_refused(text: str) -> None:
    assert "'dtype'" in refusal(text)


def test_an_option_given_twice_is_refused() -> None:
    assert "twice" in refusal("a/b?dtype=bf16&dtype=fp32")


@pytest.mark.parametrize("value", ["0", "-1", "many", "1e5", "131,072", "1234567890", "١"])
def test_a_context_is_a_number_of_tokens(value: str) -> None:
    assert refusal(f"a/b?context={value}").startswith(f"context is {value!r}")


@pytest.mark.parametrize("name", ["a/b", "./a", "demo-instruct", "a/b@r+c/d"])
def test_a_type_that_nobody_knows_is_refused_with_the_known_ones(name: str) -> None:
    assert refusal(f"{name}?dtype=bf17") == (
        "dtype is 'bf17' in a model's name. Use one of: auto, bf16, fp16, fp32, int8, int4."
    )


@pytest.mark.parametrize("where", ["a/b", "./a", "demo-instruct"])
def test_only_a_server_serves_more_than_one_model(where: str) -> None:
    assert "server URL" in refusal(f"{where}?model=x")


def test_a_lone_surrogate_is_no_name() -> None:
    assert refusal("./a\udcff").startswith("model has a character")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("demo-thinking", "demo-thinking"),
        ("Qwen/Qwen3-4B-Thinking-2507@main", "Qwen3-4B-Thinking-2507"),
        ("/models/qwen/", "qwen"),
        ("C:\\models\\qwen", "qwen"),
        ("/", "/"),
        (f"{OLLAMA}?model=qwen3:4b", "qwen3:4b"),
        ("http://host:8000/v1", "host:8000"),
        ("Qwen/Qwen3-0.6B?thinking=off", "Qwen3-0.6B (thinking off)"),
        ("Qwen/Qwen3-0.6B?context=131072", "Qwen3-0.6B (131,072 tokens)"),
        ("Qwen/Qwen3-0.6B+me/my-lora", "Qwen3-0.6B + my-lora"),
        ("Qwen/Qwen3-0.6B+./my-lora/", "Qwen3-0.6B + my-lora"),
    ],
)
def test_a_label_is_the_model_not_the_way_to_it(text: str, label: str) -> None:
    assert parse_name(text).label == label
