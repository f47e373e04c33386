"""The compiled module, for every Python from 3.11 on; without a compiler the package is installed without it."""

from __future__ import annotations

import sys

from setuptools import Extension, setup

# Sums and products are rounded one by one, as numpy rounds them: the results are then the same to the bit.
EXACT = ["/O2", "/fp:precise"] if sys.platform == "win32" else ["-O3", "-std=c11", "-ffp-contract=off"]

SOURCES = ("module", "assignment", "seats", "sets", "uniforms", "votes")

if __name__ == "__main__":
    setup(
        ext_modules=[
            Extension(
                "folkmoot_kernels._kernels",
                sources=[f"folkmoot_kernels/{name}.c" for name in SOURCES],
                depends=["folkmoot_kernels/kernels.h", "folkmoot_kernels/philox.h"],
                extra_compile_args=EXACT,
                define_macros=[("Py_LIMITED_API", "0x030B0000")],
                py_limited_api=True,
                optional=True,
            )
        ],
        options={"bdist_wheel": {"py_limited_api": "cp311"}},
    )
