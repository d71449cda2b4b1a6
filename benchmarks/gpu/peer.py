"""Plain PyTorch: the usual loop over images in pinned memory, autocast and GradScaler where asked for."""
import statistics
import time


def measure(torch, model, precision, options, warm_up):
    """Samples a second: the median over the timed epochs."""
    on_gpu = options.device != "cpu"
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    if not on_gpu:
        torch.set_num_threads(1)
    net = build(torch, model).to(options.device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    loss_of = torch.nn.CrossEntropyLoss()
    scaler = scaler_of(torch)(enabled=precision == "fp16")
    reduced = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(precision)
    shape = (1, 28, 28) if model == "cnn" else (3, 32, 32)
    count = options.batch * options.steps
    images, labels = torch.rand(count, *shape), torch.randint(0, 10, (count,))
    if on_gpu:
        images, labels = images.pin_memory(), labels.pin_memory()
    rates = []
    for _ in range(warm_up + options.epochs):
        order = torch.randperm(options.steps)
        start = time.perf_counter()
        total = torch.zeros((), device=options.device)
        for step in order.tolist():
            rows = slice(step * options.batch, (step + 1) * options.batch)
            x = images[rows].to(options.device, non_blocking=True)
            y = labels[rows].to(options.device, non_blocking=True)
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast(options.device.split(":")[0], dtype=reduced or torch.bfloat16,
                                enabled=reduced is not None):
                loss = loss_of(net(x), y)
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            total += loss.detach()
        total.item()  # Waits for the device.
        rates.append(count / (time.perf_counter() - start))
    return statistics.median(rates[warm_up:])


def scaler_of(torch):
    """GradScaler stands for all devices since 2.3; the older name warns there."""
    return getattr(torch.amp, "GradScaler", torch.cuda.amp.GradScaler)


def build(torch, name):
    """The presets of DistTrain by these names."""
    nn = torch.nn
    if name == "cnn":
        return nn.Sequential(
            nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(3136, 1024), nn.ReLU(), nn.Linear(1024, 10))
    layers = [*convolution(nn, 3, 16, 3, 1), nn.ReLU()]
    before = 16
    for width in (16, 32, 64):
        for i in range({"resnet8": 1, "resnet20": 3}[name]):
            stride = 2 if i == 0 and width > 16 else 1
            layers += [block(nn, before, width, stride), nn.ReLU()]
            before = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def convolution(nn, before, width, size, stride):
    return [nn.Conv2d(before, width, size, stride, size // 2, bias=False), nn.BatchNorm2d(width)]


def block(nn, before, width, stride):
    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(
                *convolution(nn, before, width, 3, stride), nn.ReLU(), *convolution(nn, width, width, 3, 1))
            self.straight = nn.Sequential(
                *(convolution(nn, before, width, 1, stride) if stride > 1 else []))

        def forward(self, x):
            return self.body(x) + self.straight(x)

    return Block()
