"""What run.sh does, from the PyTorch that is installed to a table in Markdown. run.sh --help says how."""
import argparse
import datetime
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import data
import peer

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "artifacts" / "gpu"
MODELS = {"cnn": "mnist", "resnet8": "cifar10", "resnet20": "cifar10"}
WARM_UP_EPOCHS = 1


def arguments():
    parser = argparse.ArgumentParser(prog="run.sh", description="DistTrain beside PyTorch on one GPU.")
    parser.add_argument("--device", default="cuda:0", help="cuda:N; cpu tries the script [cuda:0]")
    parser.add_argument("--models", default="cnn,resnet8,resnet20", help="any of them [all]")
    parser.add_argument("--precisions", help="float32,tf32,bf16,fp16 [all that the device has]")
    parser.add_argument("--batch", type=int, default=512, help="samples of a step [512]")
    parser.add_argument("--steps", type=int, default=80, help="steps of an epoch [80]")
    parser.add_argument("--epochs", type=int, default=4, help="timed, after one that warms up [4]")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run at all?")
    parser.add_argument("--no-tests", action="store_true", help="leave the engine's tests out")
    parser.add_argument("--out", type=pathlib.Path, default=WORK / "table.md", help="the table's file")
    options = parser.parse_args()
    if options.quick:
        options.batch, options.steps, options.epochs = 16, 4, 1
    return options


def stop(line):
    print(f"run.sh: {line}", file=sys.stderr)
    sys.exit(2)


def say(line):
    print(f"== {line}", file=sys.stderr, flush=True)


def run(*words, env=None, capture=False):
    say(" ".join(str(word) for word in words))
    done = subprocess.run([str(word) for word in words], cwd=ROOT, env={**os.environ, **(env or {})},
                          stdout=subprocess.PIPE if capture else sys.stderr, text=True)
    if done.returncode != 0:
        stop(f"{words[0]} ended with exit code {done.returncode}")
    return done.stdout


def import_torch(device):
    try:
        import torch
    except ImportError:
        stop(f"{sys.executable} has no PyTorch; name a Python that has one in PYTHON")
    if device != "cpu" and not torch.cuda.is_available():
        why = "is a build without CUDA" if torch.version.cuda is None else "finds no GPU or no driver"
        stop(f"no CUDA: PyTorch {torch.__version__} {why}; --device cpu tries this script without one")
    if device != "cpu" and int(device.split(":")[1]) >= torch.cuda.device_count():
        stop(f"{device} is not there; this machine has {torch.cuda.device_count()} GPU(s)")
    return torch


def build(torch):
    """The native library against this PyTorch's own libtorch; the environment that has it used."""
    folder = pathlib.Path(torch.__file__).parent
    env = {"LIBTORCH": str(folder)} if (folder / "lib" / "libtorch_cpu.so").exists() else {}
    native = WORK / "native"
    shutil.rmtree(WORK / "build", ignore_errors=True)  # CMake remembers the PyTorch of the run before.
    run("cmake", "-S", "native", "-B", WORK / "build", "-DCMAKE_BUILD_TYPE=Release",
        f"-DDISTTRAIN_OUTPUT={native}", f"-DLIBTORCH_CXX11_ABI={int(torch.compiled_with_cxx11_abi())}",
        f"-DCMAKE_PREFIX_PATH={torch.utils.cmake_prefix_path}", env=env)
    run("cmake", "--build", WORK / "build", "--parallel", os.cpu_count())
    run("dotnet", "build", "src/DistTrain.Cli", "-c", "Release", "-v", "q")
    return {"DISTTRAIN_NATIVE": str(native)}


def test(device, env):
    run("dotnet", "test", "tests/DistTrain.LibTorch.Tests", "-c", "Release",
        env={**env, "DISTTRAIN_TEST_DEVICE": device, "DISTTRAIN_TEST_PYTHON": sys.executable})


def precisions_of(options, device):
    able = device["precisions"]
    wanted = able if options.precisions is None else options.precisions.split(",")
    for word in wanted:
        if word not in able:
            stop(f"{options.device} does not compute with {word}; it has {', '.join(able)}")
    return wanted


def own(options, model, precision, folder, env):
    """Samples a second of DistTrain: the median over the timed epochs of one run."""
    with tempfile.TemporaryDirectory() as out:
        result = run(
            "dotnet", program(), "train", "--quiet", "--json", "--dataset", MODELS[model], "--data", folder,
            "--model", model, "--batch", options.batch, "--shards", 1, "--workers", 1, "--validation", 0,
            "--epochs", WARM_UP_EPOCHS + options.epochs, "--lr", 0.01, "--precision", precision,
            "--threads", 1, "--device", options.device, "--out", out, env=env, capture=True)
        folder = pathlib.Path(json.loads(result.splitlines()[-1])["runDirectory"])
        lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    epochs = [line["samplesPerSecond"] for line in lines if line["kind"] == "epoch"]
    return statistics.median(epochs[WARM_UP_EPOCHS:])


def program():
    return ROOT / "src/DistTrain.Cli/bin/Release/net10.0/disttrain.dll"


def table(options, torch, here, rows):
    on_gpu = options.device != "cpu"
    card = torch.cuda.get_device_name(options.device) if on_gpu else here["cpu"]["model"]
    runtime = f"CUDA {torch.version.cuda}, driver for {here['driverCuda']}" if on_gpu else "no CUDA"
    head = f"{card}, {datetime.date.today()}" if on_gpu else "A try on a CPU: no figures of a GPU"
    lines = [
        f"### {head}", "",
        f"PyTorch {torch.__version__} and its libtorch, {runtime}; batch {options.batch} in one shard, SGD "
        f"with momentum, random images; the median of {options.epochs} epochs of {options.steps} steps after "
        "one that warms up. DistTrain computes deterministically, PyTorch as it comes.", "",
        "| model | precision | DistTrain, samples/s | PyTorch, samples/s | ratio |",
        "|---|---|---:|---:|---:|",
    ]
    lines += [f"| {model} | {precision} | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.2f} |"
              for model, precision, ours, theirs in rows]
    return "\n".join(lines) + "\n"


def main():
    options = arguments()
    torch = import_torch(options.device)
    env = build(torch)
    here = json.loads(run("dotnet", program(), "devices", "--json", env=env, capture=True))
    gpus = {gpu["device"]: gpu for gpu in here["gpus"]}
    if options.device != "cpu" and options.device not in gpus:
        stop(f"DistTrain finds no {options.device}: {here['whyNoGpu'] or ', '.join(gpus)}")
    precisions = precisions_of(options, gpus.get(options.device, here["cpu"]))
    if not options.no_tests:
        test(options.device, env)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        data.write(pathlib.Path(folder), options.batch * options.steps)
        for model in options.models.split(","):
            for precision in precisions:
                theirs = peer.measure(torch, model, precision, options, WARM_UP_EPOCHS)
                rows.append((model, precision, own(options, model, precision, folder, env), theirs))
                say("{} {}: {:,.0f} samples/s, PyTorch {:,.0f}".format(*rows[-1]))
    text = table(options, torch, here, rows)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
