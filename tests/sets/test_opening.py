"""Sets by their names: files, the built-in one, public ones, and names that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.domain.errors import BadRequest, DownloadFailed
from playground.domain.expected import Expected
from playground.sets import open_set
from playground.sets.known import known_sets
from tests.sets.hub_sets import AIME, GATED, HubSets, lines


def test_a_file_is_a_set_of_its_first_problems(tmp_path: Path) -> None:
    path = tmp_path / "sums.csv"
    path.write_text("question,answer\nOne?,1\nTwo?,2\n", "utf-8")
    found = open_set(str(path), 1)
    assert [problem.text for problem in found.problems] == ["One?"]
    assert (found.title, found.template) == ("sums", "{{prompt}}")


def test_a_file_with_an_answer_that_can_never_be_judged_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("prompt,expected,kind\na,tall,number\n", "utf-8")
    with pytest.raises(BadRequest, match=r"^Problem 1: expected.value is 'tall'"):
        open_set(str(file))


def test_a_file_whose_problems_contradict_each_other_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("prompt,expected\na,1\nb,2\na,3\n", "utf-8")
    with pytest.raises(BadRequest, match=r"^Problems 1 and 3 ask the same"):
        open_set(str(file))


def test_of_a_public_set_what_contradicts_an_earlier_problem_is_left_out_and_told(
    hub: HubSets,
) -> None:
    rows = ({"problem": "Why?", "answer": n} for n in ("1", "2", "1"))
    hub.sets["math-ai/aime25"]["test.jsonl"] = lines(*rows)
    told: list[str] = []
    problems = open_set("aime25", tell=told.append).problems
    assert [each.expected for each in problems] == [Expected("value", ("1",))] * 2
    assert told[-1].endswith("of the same problem before: 1\n")


def test_a_table_without_a_prompt_is_asked_with_all_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("word,language,expected\nhouse,French,maison\n", "utf-8")
    assert open_set(str(path)).template == "{{word}}\n\n{{language}}"


def test_the_built_in_set_has_problems_of_every_task_from_its_beginning_on() -> None:
    found = open_set("demo")
    assert len(found.problems) == 200
    tasks = {problem.tags[0] for problem in open_set("demo", 8).problems}
    assert len(tasks) == 8
    assert all(problem.expected is not None for problem in found.problems)


def test_a_known_set_comes_from_the_hub_with_its_cards_sentence(hub: HubSets) -> None:
    told: list[str] = []
    found = open_set("aime25", tell=told.append)
    assert [problem.text for problem in found.problems][1] == "Find $y$ where $y=588$."
    assert found.problems[1].expected == Expected("value", ("588",))
    assert found.template.startswith("{{prompt}}\n\nPlease reason step by step")
    assert found.source == "https://huggingface.co/datasets/math-ai/aime25"
    assert told == [f"math-ai/aime25: {len(AIME)} bytes from the Hugging Face Hub\n"]
    assert open_set("math-ai/AIME25").problems == found.problems, "a name in letters of any case"


def test_columns_become_tags(hub: HubSets) -> None:
    (problem,) = open_set("math-500").problems
    assert problem.tags == ("Algebra", "level 2")
    assert problem.expected == Expected("value", ("\\frac{1}{2}",))
    assert dict(problem.values) == {"prompt": "What is $\\frac12+0$?"}


def test_what_was_brought_is_there_without_the_hub(hub: HubSets) -> None:
    before = open_set("aime25").problems
    assert open_set("aime25").problems == before
    downloads = [a.path for a in hub.asked if a.method == "GET" and "/resolve/" in a.path]
    assert downloads == ["/datasets/math-ai/aime25/resolve/main/test.jsonl"]
    with pytest.MonkeyPatch.context() as offline:
        offline.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
        assert open_set("aime25").problems == before
        with pytest.raises(DownloadFailed, match="'HuggingFaceH4/MATH-500' is not on this machine"):
            open_set("math-500")


def test_a_gated_set_says_where_its_terms_are(
    hub: HubSets, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DownloadFailed, match=f"is gated. Accept its terms at .*{GATED}"):
        open_set("gpqa")
    hub.token = "hf_x"
    monkeypatch.setenv("HF_TOKEN", "hf_x")
    (problem,) = open_set("gpqa").problems
    prompt, expected = problem.text, problem.expected
    assert expected is not None and expected.kind == "choice"
    assert f"{expected.value}) Rot" in prompt
    assert sorted(line[3:] for line in prompt.splitlines()[2:]) == ["Blau", "Gelb", "Grün", "Rot"]
    assert problem.tags == ("Physics",)
    assert len(open_set("gpqa/gpqa_main").problems) == 2


def test_any_other_set_is_read_by_its_columns_names_the_test_split_first(hub: HubSets) -> None:
    found = open_set("someone/own")
    assert [problem.text for problem in found.problems] == ["Test?"]
    assert dict(found.problems[0].values)["topic"] == "hard"
    assert open_set("someone/own:train").problems[0].text == "Train?"
    assert open_set("someone/own@v1:train").problems[0].text == "Train?"


def test_a_choice_of_a_set_that_is_not_known_is_lettered(hub: HubSets) -> None:
    (problem,) = open_set("someone/choices/pt").problems
    assert problem.text == "Which?\n\nA) a\nB) b\nC) c"
    assert problem.expected == Expected("choice", ("C",))


def test_a_limit_takes_the_same_sample_of_a_public_set_and_a_smaller_one_is_part_of_it(
    hub: HubSets,
) -> None:
    rows = ({"problem": f"{n}?", "answer": str(n)} for n in range(50))
    hub.sets["math-ai/aime25"]["test.jsonl"] = lines(*rows)
    ten, five = open_set("aime25", 10).problems, open_set("aime25", 5).problems
    assert len(ten) == 10 and ten[:5] == five
    assert ten != open_set("aime25").problems[:10], "sets are often ordered by subject"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere.csv", "There is no file 'nowhere.csv'. Name a table"),
        ("no where", "There is no file 'no where'"),
        ("someone/else", "There is no file and no public set 'someone/else'"),
        ("someone/own@v9", "no such revision"),
        ("someone/own:dev", "has no split 'dev'. There is: test, train"),
        ("someone/own/tiny", "has no configuration 'tiny'"),
        ("someone/choices", "has several sets: en, pt. Name one: someone/choices/en"),
        ("someone/pictures", "has no file that can be read"),
    ],
)
def test_a_name_that_is_none_says_what_there_is(hub: HubSets, name: str, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        open_set(name)


def test_a_column_that_is_gone_is_told(hub: HubSets) -> None:
    hub.sets["math-ai/aime25"]["test.jsonl"] = lines({"question": "x", "answer": "1"})
    with pytest.raises(BadRequest, match="has no column 'problem' any more, but question, answer"):
        open_set("aime25")


def test_what_is_too_large_is_not_downloaded(hub: HubSets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.sets.hub.MOST_BYTES", 10)
    with pytest.raises(BadRequest, match="to download, but 10 bytes is the most"):
        open_set("aime25")
    assert all("resolve" not in asked.path for asked in hub.asked)


def test_a_limit_is_one_or_more() -> None:
    with pytest.raises(BadRequest, match="limit is 0"):
        open_set("demo", 0)


def test_every_known_set_has_a_short_name_of_its_own() -> None:
    aliases = [known.alias for known in known_sets().values()]
    assert len(set(aliases)) == len(aliases) > 5
    assert all("{{prompt}}" in known.asked for known in known_sets().values())
