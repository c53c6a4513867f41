"""Files of Word, damaged."""

import random


def damage(data: bytes, seed: int) -> bytes:
    dice = random.Random(seed)
    damaged = bytearray(data)
    for _ in range(dice.randint(1, 30)):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged[: dice.choice([len(damaged), dice.randrange(len(damaged))])])
