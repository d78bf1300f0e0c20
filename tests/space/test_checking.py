"""What would go up is right for its Space, and what is not is told before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import huggingface_hub
import pytest

from playground.__main__ import main
from playground.catalog import PAIRS
from playground.domain.errors import BadRequest
from playground.space import requirements
from playground.space.checking import Finding, check
from playground.space.contents import contents
from playground.space.front_matter import HARDWARE, front_matter_of, with_front_matter
from playground.space.reading import ROOT, named, read_spaces
from playground.space.value import Space, Spaces
from tests.space.checkout import small_checkout

SPACES = read_spaces()
each_space = pytest.mark.parametrize("space", SPACES.by_name.values(), ids=lambda space: space.name)


def failures(space: Space, root: Path = ROOT, spaces: Spaces = SPACES) -> list[Finding]:
    return [found for found in check(space, spaces, PAIRS, root) if found.level == "failed"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return small_checkout(tmp_path)


@each_space
def test_every_space_passes(space: Space) -> None:
    assert failures(space) == []


def test_the_command_reports_and_ends_with_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["space", "check", "zero"]) == 0
    said = capsys.readouterr().out
    assert "✓ zero: " in said and "sdk_version: 6.31.0" in said and "✗" not in said
    assert main(["space", "check", "gpu"]) == 2


def test_the_readmes_head_is_that_of_the_default_space() -> None:
    head = front_matter_of((ROOT / "README.md").read_text("utf-8"))
    assert head == named(SPACES, None).front_matter


def test_the_hardware_is_what_the_hubs_client_knows() -> None:
    assert set(HARDWARE) == {each.value for each in huggingface_hub.SpaceHardware}


@each_space
def test_nothing_that_the_hub_installs_is_required_again(space: Space) -> None:
    text = requirements.for_space((ROOT / "requirements.txt").read_text("utf-8"), space)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    names = {line.partition(">")[0] for line in lines}
    assert not names & {"gradio", "huggingface_hub", "spaces", "pytest", "playwright"}
    assert "PyYAML" in names
    assert ("torch" in names) == space.in_process
    assert ("torch" in lines) == space.on_zero_gpu


def test_the_gradio_is_the_oldest_that_is_allowed() -> None:
    assert requirements.oldest_gradio("gradio[oauth]>=6.31,<7\n") == "6.31.0"
    with pytest.raises(BadRequest, match="Add gradio>="):
        requirements.oldest_gradio("torch>=2\n")


def test_a_line_that_is_no_requirement_is_refused() -> None:
    with pytest.raises(BadRequest, match=r"no requirement: '-r other\.txt'"):
        requirements.for_space("-r other.txt\n", named(SPACES, "cpu"))


def test_only_the_program_goes_up(checkout: Path) -> None:
    paths = {each.path for each in contents(named(SPACES, "zero"), checkout)}
    assert paths == {
        "app.py", "LICENSE", "README.md", "requirements.txt", "spaces.yml", "playground/ui/page.py",
    }  # fmt: skip


def test_a_head_is_put_in_the_place_of_the_old_one() -> None:
    made = with_front_matter("---\ntitle: Old\n---\n\n# Text\n\n---\n\nmore\n", {"title": "Né"})
    assert made == "---\ntitle: Né\n---\n\n# Text\n\n---\n\nmore\n"
    assert with_front_matter("# Text\n", {"title": "A"}) == "---\ntitle: A\n---\n\n# Text\n"
    assert front_matter_of(made) == {"title": "Né"}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("playground/big.bin", b"0" * 10_000_001, "10,000,001 bytes"),
        ("playground/key.txt", b"token = 'hf_" + b"a" * 34 + b"'", "holds a Hugging Face token"),
        ("playground/key.pem", b"", "looks like a key or a password"),
        ("playground/note.md", b"-----BEGIN RSA PRIVATE KEY-----", "holds a private key"),
        (
            "playground/note.md",
            b"the key is f2c7a9b1d4",
            "holds the value of PLAYGROUND_SERVER_KEYS",
        ),
    ],
)
def test_what_must_not_go_up_is_found(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, words: str
) -> None:
    monkeypatch.setenv("PLAYGROUND_SERVER_KEYS", "f2c7a9b1d4")
    (checkout / name).write_bytes(content)
    (found,) = failures(named(SPACES, "front"), checkout)
    assert words in found.text


def test_another_gradio_another_pair_and_a_call_that_is_too_long_are_found(checkout: Path) -> None:
    text = (checkout / "requirements.txt").read_text("utf-8")
    (checkout / "requirements.txt").write_text(
        text.replace("gradio>=6.31", "gradio>=6.32"), "utf-8"
    )
    zero = named(SPACES, "zero")
    assert zero.gpu is not None
    other = replace(zero, pair="none", gpu=replace(zero.gpu, longest_s=90))
    words = " ".join(f"{found.text} {found.fix}" for found in failures(other, checkout))
    for part in ("starts with Gradio 6.32.0", "no pair 'none'", "booked as 135 s", "80 or less"):
        assert part in words


def test_a_readme_with_another_head_is_found_for_the_default_only(checkout: Path) -> None:
    readme = checkout / "README.md"
    readme.write_text(with_front_matter(readme.read_text("utf-8"), {"title": "Old"}), "utf-8")
    (found,) = failures(named(SPACES, "zero"), checkout)
    assert "space readme" in found.fix
    assert failures(named(SPACES, "cpu"), checkout) == []
