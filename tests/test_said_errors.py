"""What errors and notices say in Portuguese: each that a visitor can cause is in the table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from playground.domain.errors import BadRequest
from playground.domain.sampling import Sampling, parse_sampling
from playground.engines.server.description import ALWAYS
from playground.engines.server.profiles import PROFILES
from playground.said_errors import PORTUGUESE_ERRORS, said
from playground.words import PORTUGUESE, speaking
from tests.told import all_texts, errors_told, findings_told, notes_told, notices_told

# Every error of these can come from the page.
ROOMS = (
    "attachments",
    "catalog",
    "comparison",
    "domain",
    "engines",
    "judging",
    "notebook",
    "results",
    "sets",
    "ui",
)
# What makes notices that a result shows.
NOTICES = ("comparison", "domain", "engines", "results")
# Said before there is a page, or by a recording that is read in tests alone.
NOT_ON_THE_PAGE = (
    "Unknown pair {0}. Use one of: {1}.",
    "--auth needs USER:PASSWORD, both not empty. Give both.",
    "{0} on {1} cannot be used: it is taken, or not this machine's. Choose another with --port N,"
    " or another address with --host.",
    "Every port from 7860 on",
    "Port {0}",
    "Line {0} of the script is not an event. Record it anew.",
)
# Hardly any fixed words: they would be found in other messages. What is said by them of the product
# itself stands whole in the table, see `composed`; a server's name and address are as they are.
TOO_SHORT = ("{0}", "{0}: {1}", "{0} works.", "{0} is ignored.", "{0}{1} at {2}", " {0}")
# Names of files, options, variables and addresses, and what is written alike in both languages.
ALIKE = (
    "</think>",
    "PLAYGROUND_SERVER_KEYS",
    "adapter_config.json",
    "adapter_model.safetensors",
    "auto",
    "bitsandbytes",
    "clamped",
    "demo",
    "doubtful",
    "none",  # is in the page's own table
    "unsupported",
    "use",
    "{0} bytes",
    "{0}://{1}",
    "{0}[{1}]",
    "{0}…",
    "OLLAMA_CONTEXT_LENGTH=32768 ollama serve",
)
# Words that stand within messages: each is somewhere in the code, or is the system's.
SYSTEMS = {
    "File too large",
    "Is a directory",
    "No space left on device",
    "No such file or directory",
    "Permission denied",
}


def of_servers() -> Iterator[str]:
    """What is said of a kind of server, as data: reasons, doubts, fixes."""
    yield ALWAYS
    for profile in PROFILES:
        fixes = profile.fixes
        yield from profile.missing.values()
        yield from (profile.samplers, profile.no_switch, fixes.context, fixes.parser, fixes.seed)
        yield from (allowance.used_up for allowance in profile.allowances)


def composed() -> Iterator[str]:
    """What the product puts together of pieces that are too short, or begins with a capital."""
    yield from ("The Hugging Face Hub", "'another model'")
    yield from (
        f"{field} {what}" for field in ("top_k", "min_p") for what in ("works.", "is ignored.")
    )
    for profile in PROFILES:
        for name, parameter in profile.parameters.items():
            if parameter.doubt:
                yield f"{name}: {parameter.doubt}"
        left = [f"{{}} of {{}} for {allowance.whose}" for allowance in profile.allowances]
        for words in (*left, ", ".join(left)):
            values = (f"{{{index}}}" for index in range(words.count("{}")))
            yield words.format(*values)


def untranslated(wanted: set[str]) -> list[str]:
    passed_over = {"", *NOT_ON_THE_PAGE, *TOO_SHORT, *ALIKE}
    return sorted(wanted - passed_over - set(PORTUGUESE_ERRORS))


def test_every_error_that_the_page_can_show_has_its_portuguese() -> None:
    wanted = set(errors_told(*ROOMS))
    assert len(wanted) > 250
    assert untranslated(wanted) == []


def test_every_notice_has_its_portuguese() -> None:
    wanted = set(notices_told(*NOTICES))
    assert len(wanted) > 30
    assert untranslated(wanted) == []


def test_every_note_on_what_a_model_reads_has_its_portuguese() -> None:
    wanted = set(notes_told("engines"))
    assert len(wanted) > 10
    assert untranslated(wanted) == []


def test_every_finding_about_a_server_has_its_portuguese() -> None:
    wanted = {*findings_told("engines"), *of_servers(), *composed()}
    assert len(wanted) > 60
    assert untranslated(wanted) == []


def test_what_is_passed_over_is_still_said() -> None:
    there = {*all_texts(), *of_servers()}
    assert sorted({*NOT_ON_THE_PAGE, *TOO_SHORT, *ALIKE} - there) == []


def test_a_notice_is_said_whole_in_portuguese() -> None:
    message = (
        "The thought was closed on request, after 1,044 tokens: 'So.' was put in, 26 tokens that"
        " count as forced."
    )
    with speaking("pt-BR"):
        assert said(message) == (
            "O raciocínio foi encerrado a pedido, depois de 1.044 tokens: 'So.' foi inserido, 26"
            " tokens que contam como forçados."
        )


def test_the_table_has_nothing_that_no_error_says() -> None:
    there = {*all_texts(), *composed(), *SYSTEMS}
    assert sorted(set(PORTUGUESE_ERRORS) - there) == []


@pytest.mark.parametrize("english", PORTUGUESE_ERRORS)
def test_both_languages_name_the_same_values(english: str) -> None:
    portuguese = PORTUGUESE_ERRORS[english]
    assert sorted(re.findall(r"\{\d\}", english)) == sorted(re.findall(r"\{\d\}", portuguese))
    assert english.endswith(".") == portuguese.endswith(".")


@pytest.mark.parametrize("english", PORTUGUESE_ERRORS)
def test_a_message_is_found_by_its_fixed_words(english: str) -> None:
    filled = re.sub(r"\{(\d)\}", r"<\1>", english)
    with speaking("pt-BR"):
        assert said(filled) == re.sub(r"\{(\d)\}", r"<\1>", PORTUGUESE_ERRORS[english])


def test_a_bad_value_is_said_whole_in_portuguese() -> None:
    with pytest.raises(BadRequest) as refused:
        parse_sampling({"max_new_tokens": 2_000_000}, Sampling())
    with speaking("pt-BR"):
        assert said(refused.value) == (
            "max_new_tokens é 2000000, mas deve ser um inteiro de 1 a 1000000. Altere o valor."
        )


def test_an_error_within_an_error_and_large_numbers_are_said_too() -> None:
    message = (
        "Left lane: The prompt has 3,000 tokens, but 'a' has a context of 2,048, answer included."
        " Shorten the prompt by at least 953 tokens."
    )
    with speaking("pt-BR"):
        assert said(message) == (
            "Esquerda: O prompt tem 3.000 tokens, mas 'a' tem um contexto de 2.048, com a"
            " resposta. Encurte o prompt em pelo menos 953 tokens."
        )


@pytest.mark.parametrize("message", ["Nobody knows this.", "", "{0} {", "x" * 10_000])
def test_what_the_table_lacks_is_said_as_it_is(message: str) -> None:
    assert message not in PORTUGUESE
    for language in ("en", "pt-BR"):
        with speaking(language):
            assert said(message) == message


@pytest.mark.parametrize(
    ("english", "portuguese"),
    [
        (
            "There is no model 'a/b@c' on the Hugging Face Hub, or it is private. Check the"
            " spelling and the part after '@'; for a private one set HF_TOKEN.",
            "Para o Hugging Face Hub, o modelo 'a/b@c' não existe ou é privado. Confira a grafia e"
            " a parte depois de '@'; para um modelo privado, defina HF_TOKEN.",
        ),
        (
            "http://h refuses access (401). Put its key into K (http://h=KEY) and start again. It"
            " said: no.",
            "http://h recusa o acesso (401). Coloque a chave dele em K (http://h=CHAVE) e inicie"
            " de novo. Ele disse: no.",
        ),
        (
            "u takes no more requests now (429). Left today: 0 of 2,000 for your account, 5 of 9"
            " for this model. Run again tomorrow, or use a model on this machine. It said: no",
            "u não aceita mais pedidos agora (429). Restam hoje: 0 de 2.000 para a sua conta, 5 de"
            " 9 para este modelo. Execute de novo amanhã ou use um modelo nesta máquina. Ele"
            " disse: no",
        ),
        (
            "max_new_tokens is 4,096, but the server's context is 2,048, the prompt included, whose"
            " tokens it does not count beforehand. By estimate; 1,000 was sent.",
            "max_new_tokens é 4.096, mas o contexto do servidor é 2.048, com o prompt, cujos tokens"
            " ele não conta de antemão. Por estimativa; foi enviado 1.000.",
        ),
        (
            "'a' does not fit into memory: its weights take 8.0 GB, and 512 MB are free. Free some,"
            " use b (400 MB), or a model on a server.",
            "'a' não cabe na memória: seus pesos ocupam 8,0 GB, e há 512 MB livres. Libere memória"
            " ou use b (400 MB) ou um modelo em um servidor.",
        ),
        (
            "seed: SGLang ignores it unless started with --enable-deterministic-inference.",
            "seed: o SGLang a ignora se não for iniciado com --enable-deterministic-inference.",
        ),
    ],
)
def test_words_that_a_message_is_filled_with_are_said_too(english: str, portuguese: str) -> None:
    with speaking("pt-BR"):
        assert said(english) == portuguese


def test_messages_within_messages_without_end_are_said_all_the_same() -> None:
    with speaking("pt-BR"):
        assert said("Line 1: " * 370).startswith("Linha 1: Linha 1: ")


def test_english_is_said_as_it_was_raised() -> None:
    assert said(BadRequest("The prompt is empty. Write something to ask both models.")) == (
        "The prompt is empty. Write something to ask both models."
    )
