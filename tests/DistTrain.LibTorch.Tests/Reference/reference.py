"""What PyTorch makes of cases that the tests wrote into folders; one line a request, one line an answer:

    gradient FOLDER    loss, correct count, flat gradient and new running statistics, in float64
    autocast FOLDER    flat gradient and new running statistics under bf16 autocast, as float64
    train FOLDER       the mean loss of every step of a training run, in float32
    noise FOLDER       tr Σ and |G|² of every step of plain SGD on shards, and their ratio, in float64
    script FOLDER      TorchScript files for the tests of scripted models

case.json: {"layers": [...], "input": [1, 28, 28], "outputs": 10, "loss": "CrossEntropy", "smoothing": 0.1,
"batch": 5, "shards": 2, "steps": 20, "optimizer": "sgd", "rate": 0.01, "slots": ["0.weight", ...]};
parameters.bin, inputs.bin (float32) and labels.bin (int64) or targets.bin (float32) beside it.
"""
import json
import pathlib
import sys
import zipfile

import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class GlobalAverage(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def layer(spec, shape):
    """One module for a layer of the job; `shape` is its input's, without the batch."""
    kind, kernel = spec["kind"], (spec["kernel"], spec["stride"], spec["padding"])
    return {
        "Linear": lambda: nn.Linear(shape[0], spec["out"], bias=spec["bias"]),
        "Conv2d": lambda: nn.Conv2d(shape[0], spec["out"], *kernel, bias=spec["bias"]),
        "BatchNorm2d": lambda: nn.BatchNorm2d(shape[0], spec["epsilon"], spec["momentum"]),
        "Relu": nn.ReLU, "Tanh": nn.Tanh, "Gelu": nn.GELU, "Flatten": nn.Flatten,
        "Dropout": lambda: nn.Dropout(spec["probability"]),
        "MaxPool2d": lambda: nn.MaxPool2d(*kernel), "AvgPool2d": lambda: nn.AvgPool2d(*kernel),
        "GlobalAvgPool2d": GlobalAverage,
        "Residual": lambda: Residual(sequence(spec["body"], shape), sequence(spec["shortcut"], shape)),
    }[kind]()


def sequence(specs, shape):
    modules = []
    for spec in specs:
        modules.append(layer(spec, shape))
        with torch.no_grad():
            shape = list(modules[-1].eval()(torch.zeros([1, *shape])).shape[1:])
    return nn.Sequential(*modules).train()


def read(folder, name, dtype):
    return torch.frombuffer(bytearray((folder / name).read_bytes()), dtype=dtype)


def load(folder):
    case = json.loads((folder / "case.json").read_text())
    torch.manual_seed(0)
    model = sequence(case["layers"], case["input"])
    state, flat, offset = model.state_dict(), read(folder, "parameters.bin", torch.float32), 0
    for name in case["slots"]:
        state[name].copy_(flat[offset:offset + state[name].numel()].view_as(state[name]))
        offset += state[name].numel()
    inputs = read(folder, "inputs.bin", torch.float32).view(-1, *case["input"])
    if (folder / "labels.bin").exists():
        targets = read(folder, "labels.bin", torch.int64)
    else:
        targets = read(folder, "targets.bin", torch.float32).view(-1, case["outputs"])
    return case, model, inputs, targets


def loss_sum(case, outputs, targets):
    if case["loss"] == "CrossEntropy":
        smoothing = case["smoothing"]
        return nn.functional.cross_entropy(outputs, targets, label_smoothing=smoothing, reduction="sum")
    if targets.dtype == torch.int64:
        targets = nn.functional.one_hot(targets, case["outputs"])
    return nn.functional.mse_loss(outputs, targets.to(outputs.dtype), reduction="none").mean(1).sum()


def gradient(folder):
    case, model, inputs, targets = load(folder)
    model.double()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    outputs = model(inputs.double())
    loss = loss_sum(case, outputs, targets)
    loss.backward()
    parameters, after = dict(model.named_parameters()), model.state_dict()
    flat = [parameters[name].grad.flatten() if name in parameters
            else (after[name] - before[name]).flatten() * len(inputs) for name in case["slots"]]
    (folder / "gradient.bin").write_bytes(torch.cat(flat).numpy().tobytes() if flat else b"")
    correct = int((outputs.argmax(1) == targets).sum()) if targets.dtype == torch.int64 else 0
    model.load_state_dict(before)
    evaluated = float(loss_sum(case, model.eval()(inputs.double()), targets))
    result = {"loss": float(loss), "correct": correct, "evaluated": evaluated}
    (folder / "result.json").write_text(json.dumps(result))


def autocast(folder):
    case, model, inputs, targets = load(folder)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outputs = model(inputs)
    loss_sum(case, outputs.float(), targets).backward()
    parameters, after = dict(model.named_parameters()), model.state_dict()
    flat = [parameters[name].grad.flatten() if name in parameters
            else (after[name] - before[name]).flatten() * len(inputs) for name in case["slots"]]
    (folder / "autocast.bin").write_bytes(torch.cat(flat).double().numpy().tobytes())


def train(folder):
    case, model, inputs, targets = load(folder)
    optimizer = {
        "sgd": lambda: torch.optim.SGD(model.parameters(), lr=case["rate"], momentum=0.9),
        "adamw": lambda: torch.optim.AdamW(model.parameters(), lr=case["rate"], weight_decay=0.01),
    }[case["optimizer"]]()
    losses, batch = [], case["batch"]
    for step in range(case["steps"]):
        rows = slice(step * batch, (step + 1) * batch)
        optimizer.zero_grad()
        loss = loss_sum(case, model(inputs[rows]), targets[rows]) / batch
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    (folder / "result.json").write_text(json.dumps({"losses": losses}))


def noise(folder):
    """The textbook's way: the weighted variance of the shards' mean gradients around the batch's."""
    case, model, inputs, targets = load(folder)
    model.double()
    batch, shards, parts = case["batch"], case["shards"], []
    weights = list(model.parameters())
    for step in range(case["steps"]):
        means, counts = [], []
        for i in range(shards):
            rows = slice(step * batch + i * batch // shards, step * batch + (i + 1) * batch // shards)
            loss = loss_sum(case, model(inputs[rows].double()), targets[rows]) / (rows.stop - rows.start)
            means.append(torch.cat([g.flatten() for g in torch.autograd.grad(loss, weights)]))
            counts.append(rows.stop - rows.start)
        share = torch.tensor(counts, dtype=torch.float64) / batch
        small, mean = torch.stack(means), sum(n * g for n, g in zip(share, means))
        spread = float((share[:, None] * (small - mean) ** 2).sum())
        trace = spread * batch / (shards - 1)
        parts.append((trace, float(mean @ mean) - trace / batch))
        with torch.no_grad():
            offset = 0
            for weight in weights:
                weight -= case["rate"] * mean[offset:offset + weight.numel()].view_as(weight)
                offset += weight.numel()
    scale = sum(trace for trace, _ in parts) / sum(square for _, square in parts)
    (folder / "result.json").write_text(json.dumps({"parts": parts, "scale": scale}))


class TwoOutputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(12, 3)

    def forward(self, x):
        return self.inner(x.flatten(1)), x


TABLE = torch.linspace(-1, 1, 768).view(64, 12)


class Tabled(nn.Module):
    """Trained parameters, and beside them a tensor that tracing makes a constant of."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(12, 3)

    def forward(self, x):
        return self.inner(x.flatten(1) * TABLE.sum(0))


def script(folder):
    torch.manual_seed(1)
    flat = lambda *rest: nn.Sequential(nn.Flatten(), *rest)
    convolution = nn.Conv2d(1, 4, 3, padding=1)
    norm = nn.Sequential(convolution, nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(48, 3))
    models = {
        "plain": flat(nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 3)),
        "dropout": flat(nn.Linear(12, 64), nn.Dropout(0.5), nn.Linear(64, 3)),
        "norm": norm,
        "narrow": flat(nn.Linear(12, 2)),
        "misfit": flat(nn.Linear(13, 3)),
        "tuple": TwoOutputs(),
        "double": flat(nn.Linear(12, 3)).double(),
        "frozen": flat(nn.Linear(12, 8).requires_grad_(False), nn.Linear(8, 3)),
        "empty": flat(),
    }
    for name, model in models.items():
        torch.jit.script(model).save(str(folder / f"{name}.pt"))
    torch.save(models["plain"].state_dict(), str(folder / "state.pt"))
    torch.jit.trace(Tabled(), torch.zeros(2, 1, 3, 4)).save(str(folder / "tabled.pt"))
    torch.jit.freeze(torch.jit.script(models["plain"].eval())).save(str(folder / "constants.pt"))
    forge(folder)


def forge(folder):
    """Files whose tensors claim more than the file holds: in a shape, a storage's length, a constant."""
    weight, larger = b"(K\x08K\x0ct", b"(K\xf8K\x0ct"  # (8, 12) and (248, 12) as pickled
    rewrite(folder / "plain.pt", folder / "shape.pt", "data.pkl", lambda data: data.replace(weight, larger))
    shorten = lambda data: data[:4]
    rewrite(folder / "plain.pt", folder / "storage.pt", "data/0", shorten)
    rewrite(folder / "tabled.pt", folder / "constant.pt", "constants/0", shorten)


def rewrite(source, target, record, change):
    changed = 0
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.split("/", 1)[1] == record:
                changed += data != change(data)
                data = change(data)
            new.writestr(name.replace(source.stem, target.stem, 1), data)
    assert changed == 1, f"{source} has no {record} to forge"


if __name__ == "__main__":
    torch.set_num_threads(1)
    modes = {"gradient": gradient, "autocast": autocast, "train": train, "noise": noise, "script": script}
    for line in sys.stdin:
        mode, folder = line.rstrip("\n").split(" ", 1)
        try:
            modes[mode](pathlib.Path(folder))
            print("ok", flush=True)
        except Exception as error:
            print("failed:", repr(error).replace("\n", " "), flush=True)
