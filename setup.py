"""Build the optional C kernels.

Everything else stands in pyproject.toml. ``optional=True``: without a compiler the install
succeeds and the numpy fallbacks give the same answers, only slower.
"""

import os
from pathlib import Path

from setuptools import Extension, setup

KERNELS = {
    "hushu.io._bytes": ["hushu/io/_bytes.c"],
    "hushu.classify._kernel": ["hushu/classify/_kernel.c"],
    "hushu.anonymize.values._kernel": ["hushu/anonymize/values/_kernel.c"],
    "hushu.anonymize.privacy._classes": ["hushu/anonymize/privacy/_classes.c"],
}

setup(
    ext_modules=[
        Extension(
            name,
            sources,
            depends=[str(header) for header in Path("hushu").rglob("*.h")],
            optional=True,
            extra_compile_args=["-O3"] if os.name == "posix" else ["/O2"],
        )
        for name, sources in KERNELS.items()
        if all(Path(source).exists() for source in sources)
    ]
)
