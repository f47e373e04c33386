from typing_extensions import Buffer

def settled(
    utilities: Buffer,
    masses: Buffer,
    lower: Buffer,
    upper: Buffer,
    price: Buffer,
    tolerance: float,
    grain: float,
    few: int,
    finer: float,
    /,
) -> tuple[bytes, bytes, bytes]: ...
def seats(
    wish: Buffer, lower: Buffer, upper: Buffer, price: Buffer, order: Buffer, passes: int, place: Buffer, /
) -> None: ...
def offered(chances: Buffer, worth: Buffer, voted: Buffer, chosen: Buffer, numbers: Buffer, any: Buffer, /) -> None: ...
def lowest(values: Buffer, whole: int, each: float, part: float, shares: Buffer, /) -> None: ...
def largest_sets(
    reach: Buffer, content: Buffer, draws: int, thresholds: int, words: int, candidates: int, most: Buffer, /
) -> None: ...
def content(reach: Buffer, chosen: Buffer, seats: Buffer, words: int, content: Buffer, /) -> None: ...
def uniforms(seed: int, draw: int, statements: Buffer, numbers: Buffer, /) -> None: ...
def votes(
    seed: int, draw: int, statements: Buffer, places: Buffer, odds: Buffer, beyond: Buffer, votes: Buffer, /
) -> None: ...
