"""The peer DistTrain is compared with: plain PyTorch for one worker, DistributedDataParallel for more (Gloo).

    python3 pytorch_ddp.py [--cases mlp:256,cnn:64] [--workers 1,2] [--steps N]

One thread per worker, for torch, OpenMP and OpenBLAS alike. The data is random and stays in memory, so that
only computation and communication are timed: forward, backward, all-reduce, and SGD with momentum. Every case
runs in processes of its own and gives one JSON line on stdout:

    {"peer": "pytorch-ddp-gloo", "model": "mlp", "batch": 256, "workers": 2, "steps": 120,
     "msPerStep": 6.1, "samplesPerSecond": 41967, "peakRssMegabytes": 351.4, "torch": "1.13.1"}

msPerStep is the median on rank 0 over the steps after five that warm up. peakRssMegabytes adds up the peaks
of the workers' processes alone, not of this one, which only starts them. Needs torch 1.13 or newer (Debian:
python3-torch).
"""
import argparse
import json
import multiprocessing
import os
import resource
import socket
import statistics
import sys
import time

WARM_UP_STEPS = 5
# model: {global batch: steps timed}
CASES = {
    "mlp": {64: 200, 256: 120, 1024: 50, 8192: 12},
    "cnn": {64: 20, 512: 6},
    "wide": {64: 20, 512: 8},
}


def build(name):
    from torch import nn

    if name == "mlp":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(),
                             nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))
    if name == "wide":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 4096), nn.ReLU(),
                             nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 10))
    return nn.Sequential(nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(3136, 1024), nn.ReLU(), nn.Linear(1024, 10))


def worker(rank, world, name, batch, steps, port, results):
    """One rank: trains `steps` steps and queues (rank, median seconds, peak KiB, torch version)."""
    import torch
    import torch.distributed as dist

    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = build(name)
    if world > 1:
        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
        dist.init_process_group("gloo", rank=rank, world_size=world)
        model = torch.nn.parallel.DistributedDataParallel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    loss_of = torch.nn.CrossEntropyLoss()
    # Ranks share the global batch as evenly as it goes.
    own = batch // world + (1 if rank < batch % world else 0)
    x, y = torch.randn(own, 1, 28, 28), torch.randint(0, 10, (own,))
    times = []
    for step in range(steps + WARM_UP_STEPS):
        start = time.perf_counter()
        optimizer.zero_grad()
        loss_of(model(x), y).backward()
        optimizer.step()
        if step >= WARM_UP_STEPS:
            times.append(time.perf_counter() - start)
    if world > 1:
        dist.barrier()
        dist.destroy_process_group()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB on Linux
    results.put((rank, statistics.median(times), peak, torch.__version__))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run(name, batch, steps, world):
    # Fresh interpreters: nothing is inherited from a case before.
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    port = free_port()
    ranks = [context.Process(target=worker, args=(rank, world, name, batch, steps, port, results))
             for rank in range(world)]
    for process in ranks:
        process.start()
    for process in ranks:
        process.join()
    if any(process.exitcode != 0 for process in ranks):
        sys.exit(f"pytorch_ddp: {name}:{batch} with {world} workers failed, see above")
    rows = sorted(results.get() for _ in ranks)
    seconds = rows[0][1]
    print(json.dumps({
        "peer": "pytorch-ddp-gloo" if world > 1 else "pytorch",
        "model": name, "batch": batch, "workers": world,
        "steps": steps, "msPerStep": round(seconds * 1e3, 3), "samplesPerSecond": round(batch / seconds),
        "peakRssMegabytes": round(sum(row[2] for row in rows) * 1024 / 1e6, 1), "torch": rows[0][3],
    }), flush=True)


def chosen(text):
    """'mlp:256,cnn' → [("mlp", 256), ("cnn", 64), ("cnn", 512)]; empty: every case."""
    if not text:
        return [(name, batch) for name, batches in CASES.items() for batch in batches]
    cases = []
    for part in text.split(","):
        name, _, batch = part.partition(":")
        if name not in CASES or not (batch == "" or batch.isdecimal() and int(batch) > 0):
            models = ", ".join(CASES)
            raise argparse.ArgumentTypeError(
                f"'{part}' is no case; say MODEL or MODEL:BATCH, with MODEL of {models}")
        cases += [(name, int(batch))] if batch else [(name, b) for b in CASES[name]]
    return cases


def main():
    parser = argparse.ArgumentParser(
        description="PyTorch's own time per training step, one JSON line a case.")
    parser.add_argument("--cases", type=chosen, default=chosen(""), help="e.g. mlp:256,cnn; default: all")
    parser.add_argument("--workers", default="1,2", help="worker counts, default 1,2")
    parser.add_argument("--steps", type=int, help="steps timed in each case; default: by case")
    options = parser.parse_args()
    # Read by the workers' interpreters when they load torch; this one never does.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    for name, batch in options.cases:
        for world in map(int, options.workers.split(",")):
            run(name, batch, options.steps or CASES[name].get(batch, 20), world)


if __name__ == "__main__":
    main()
