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
def largest_sets(
    reach: Buffer, content: Buffer, draws: int, thresholds: int, words: int, candidates: int, most: Buffer, /
) -> None: ...
def uniforms(seed: int, draw: int, statements: Buffer, numbers: Buffer, /) -> None: ...
def votes(
    seed: int, draw: int, statements: Buffer, places: Buffer, odds: Buffer, beyond: Buffer, votes: Buffer, /
) -> None: ...
def csr_matvecs(
    n: int, m: int, k: int, pointers: Buffer, columns: Buffer, weights: Buffer, features: Buffer, sums: Buffer, /
) -> None: ...
def csc_matvecs(
    m: int, n: int, k: int, pointers: Buffer, columns: Buffer, weights: Buffer, features: Buffer, sums: Buffer, /
) -> None: ...
def inner_products(
    n: int, m: int, k: int, rows: Buffer, columns: Buffer, left: Buffer, right: Buffer, products: Buffer, /
) -> None: ...
def inverses(n: int, d: int, packed: Buffer, out: Buffer, pivots: Buffer, /) -> None: ...
