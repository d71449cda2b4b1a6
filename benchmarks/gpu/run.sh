#!/bin/sh
# Builds the native library against the libtorch of this machine's PyTorch, runs the engine's tests on a GPU,
# and measures training beside plain PyTorch on the same GPU. PYTHON names a Python that has that PyTorch.
#   benchmarks/gpu/run.sh                        # cuda:0; the table goes to artifacts/gpu/table.md
#   benchmarks/gpu/run.sh --device cpu --quick   # a try of the script itself, whose figures mean nothing
# What it takes: .NET 10, CMake, a C++ compiler, and PyTorch. A CUDA toolkit is not needed.
exec "${PYTHON:-python3}" "$(dirname "$0")/run.py" "$@"
