#!/usr/bin/env python3
"""Checks bills of `ecluse models bom --format spdx3-json` against the model of SPDX 3.0.1 (its SHACL shapes as Python).

pip install spdx-python-model==0.0.6, then: check-spdx.py FILE... Exit 1: one does not hold.
"""

import io
import json
import sys

from spdx_python_model.bindings import v3_0_1 as spdx


def problems(path):
    objects = spdx.SHACLObjectSet()
    # types, patterns and enumerations are checked when it is read, cardinalities when it is written
    with open(path, "rb") as file:
        spdx.JSONLDDeserializer().read(file, objects)
    spdx.JSONLDSerializer().write(objects, io.BytesIO())
    missing = [f"no such element: {one}" for one in sorted(objects.missing_ids)]
    return missing + unmet(path), len(list(objects.foreach()))


# what a collection that claims one of these profiles owes of each package of it (model 3.0.1, external restrictions)
OWED = {
    "ai": ("ai_AIPackage", "suppliedBy software_downloadLocation software_packageVersion software_primaryPurpose releaseTime"),
    "dataset": ("dataset_DatasetPackage", "originatedBy software_downloadLocation software_primaryPurpose releaseTime builtTime dataset_datasetType"),
}


def unmet(path):
    with open(path, encoding="utf-8") as file:
        graph = json.load(file)["@graph"]
    found = []
    for collection in graph:
        inside = [one for one in graph if one.get("spdxId") in collection.get("element", [])]
        for profile in collection.get("profileConformance", []):
            kind, fields = OWED.get(profile, (None, ""))
            for one in (each for each in inside if each["type"] == kind):
                found += [f"{profile}: {one['name']} has no {name}" for name in fields.split() if name not in one]
                for relation in ("hasDeclaredLicense", "hasConcludedLicense"):
                    told = [r for r in inside if r.get("relationshipType") == relation and r["from"] == one["spdxId"]]
                    if len(told) != 1:
                        found.append(f"{profile}: {one['name']} has {len(told)} of {relation}")
    return found


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
