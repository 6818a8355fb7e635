#!/bin/sh
# Compile requirements/*.in to hashed *.txt without recording where packages come from.
set -eu
cd "$(dirname "$0")/../requirements"
for name in installer core embeddings postgres documents browser analytics llm voice workforce dev real_shop; do
    ../.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --no-annotate "$name.in" --output-file "$name.txt" "$@"
    echo "requirements/$name.txt: $(grep -c '==' "$name.txt") packages"
done
