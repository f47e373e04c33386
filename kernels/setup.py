"""The compiled module, for every Python from 3.11 on; without a compiler the package is installed without it."""

from __future__ import annotations

import sys
import sysconfig

from setuptools import Extension, setup

# Sums and products are rounded one by one, as numpy rounds them: the results are then the same to the bit.
EXACT = ["-O3", "-std=c11", "-ffp-contract=off", "-fvisibility=hidden"]
if sys.platform == "win32":
    EXACT = ["/O2", "/fp:precise"]

SOURCES = ("module", "assignment", "inverses", "offered", "pairs", "seats", "sets", "uniforms", "votes")

# Python without a global lock has no stable interface yet.
STABLE = not sysconfig.get_config_var("Py_GIL_DISABLED")

if __name__ == "__main__":
    setup(
        ext_modules=[
            Extension(
                "folkmoot_kernels._kernels",
                sources=[f"folkmoot_kernels/{name}.c" for name in SOURCES],
                depends=["folkmoot_kernels/kernels.h", "folkmoot_kernels/philox.h"],
                extra_compile_args=EXACT,
                define_macros=[("Py_LIMITED_API", "0x030B0000")] if STABLE else [],
                py_limited_api=STABLE,
                optional=True,
            )
        ],
        options={"bdist_wheel": {"py_limited_api": "cp311"}} if STABLE else {},
    )
