"""Padded batches lose nothing and learn only what they should."""

from __future__ import annotations

import random

from playground.demo_pair.network import batches


def test_every_conversation_is_in_one_batch_with_its_targets_shifted() -> None:
    rng = random.Random(2)
    pad = 999
    conversations = []
    for start in range(37):
        length = rng.randint(3, 90)
        ids = [1000 + start * 100 + index for index in range(length)]
        conversations.append((ids, [index >= length // 2 for index in range(length)]))
    expected = {
        one: following if mark else -100
        for ids, learned in conversations
        for one, following, mark in zip(ids, ids[1:], learned[1:], strict=False)
    }
    seen = {}
    for batch in batches(conversations, pad, 256, rng):
        assert batch.ids.shape == batch.targets.shape
        for one, target in zip(batch.ids.flatten(), batch.targets.flatten(), strict=True):
            if one == pad:
                assert target == -100
            else:
                assert int(one) not in seen
                seen[int(one)] = int(target)
    assert seen == expected
