#!/usr/bin/env python3
"""Checks bills of `ecluse models bom --format spdx3-json` against the model of SPDX 3.0.1 (its SHACL shapes as Python).

pip install spdx-python-model==0.0.6, then: check-spdx.py FILE... Exit 1: one does not hold.
"""

import io
import sys

from spdx_python_model.bindings import v3_0_1 as spdx


def problems(path):
    objects = spdx.SHACLObjectSet()
    # types, patterns and enumerations are checked when it is read, cardinalities when it is written
    with open(path, "rb") as file:
        spdx.JSONLDDeserializer().read(file, objects)
    spdx.JSONLDSerializer().write(objects, io.BytesIO())
    missing = [f"no such element: {one}" for one in sorted(objects.missing_ids)]
    return missing, len(list(objects.foreach()))


def main():
    failed = False
    for path in sys.argv[1:]:
        try:
            found, count = problems(path)
        except Exception as error:  # the bindings raise whatever is wrong
            found, count = [f"{type(error).__name__}: {error}"], 0
        failed |= bool(found)
        print(path, "holds" if not found else "does NOT hold", f"({count} objects)")
        for line in found:
            print("  ", line)
    return 1 if failed else 0


sys.exit(main())
