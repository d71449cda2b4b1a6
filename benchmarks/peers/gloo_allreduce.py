"""What Gloo needs to add up one vector of float32 over the processes of this machine.

    python3 gloo_allreduce.py [--floats 535818,20037642] [--workers 2] [--rounds N]

Each rank holds a vector of the given length; all of them hold the sum afterwards. Ranks start every round
together, behind a barrier that is not timed. One JSON line per length:

    {"peer": "gloo", "floats": 535818, "workers": 2, "rounds": 100, "milliseconds": 1.84, "torch": "1.13.1"}

milliseconds is the median on rank 0 after three rounds that warm up. One thread per rank. Needs torch 1.13
or newer (Debian: python3-torch).
"""
import argparse
import json
import multiprocessing
import os
import socket
import statistics
import sys
import time

WARM_UP_ROUNDS = 3


def rank_main(rank, world, port, lengths, rounds):
    import torch
    import torch.distributed as dist

    torch.set_num_threads(1)
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    dist.init_process_group("gloo", rank=rank, world_size=world)
    for floats in lengths:
        times = []
        for number in range(WARM_UP_ROUNDS + rounds):
            vector = torch.full((floats,), float(rank + 1)) if number == 0 else vector.fill_(rank + 1)
            dist.barrier()
            begin = time.perf_counter()
            dist.all_reduce(vector)
            if number >= WARM_UP_ROUNDS:
                times.append(time.perf_counter() - begin)
        if vector[-1].item() != world * (world + 1) / 2:
            sys.exit(f"gloo_allreduce: a sum over {world} ranks came out as {vector[-1].item()}")
        if rank == 0:
            print(json.dumps({
                "peer": "gloo", "floats": floats, "workers": world, "rounds": rounds,
                "milliseconds": round(statistics.median(times) * 1e3, 4), "torch": torch.__version__,
            }), flush=True)
    dist.barrier()
    dist.destroy_process_group()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def numbers(text):
    return [int(part) for part in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description="Gloo's all-reduce alone, one JSON line per length.")
    parser.add_argument("--floats", type=numbers, default=[535818, 20037642], help="lengths, in floats")
    parser.add_argument("--workers", type=int, default=2, help="ranks, default 2")
    parser.add_argument("--rounds", type=int, default=50, help="rounds timed, default 50")
    options = parser.parse_args()
    # Read by the ranks' interpreters when they load torch; this one never does.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    context = multiprocessing.get_context("spawn")
    port = free_port()
    ranks = [context.Process(target=rank_main, args=(
        rank, options.workers, port, options.floats, options.rounds)) for rank in range(options.workers)]
    for process in ranks:
        process.start()
    for process in ranks:
        process.join()
    if any(process.exitcode != 0 for process in ranks):
        sys.exit("gloo_allreduce: a rank failed, see above")


if __name__ == "__main__":
    main()
