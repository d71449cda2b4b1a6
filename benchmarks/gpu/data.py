"""Random images in the files of MNIST and CIFAR-10: what they show changes no time."""
import os
import struct

TEST_SAMPLES = 64
CIFAR_SAMPLE = 3 * 32 * 32


def write(folder, count):
    """Both sets, each with so many training samples; DistTrain's --data is `folder`."""
    mnist, cifar = folder / "mnist", folder / "cifar10"
    mnist.mkdir()
    cifar.mkdir()
    for split, samples in (("train", count), ("t10k", TEST_SAMPLES)):
        head = struct.pack(">IIII", 0x803, samples, 28, 28)
        (mnist / f"{split}-images-idx3-ubyte").write_bytes(head + os.urandom(samples * 28 * 28))
        (mnist / f"{split}-labels-idx1-ubyte").write_bytes(
            struct.pack(">II", 0x801, samples) + labels(samples))
    for i in range(5):
        first, last = count * i // 5, count * (i + 1) // 5
        write_cifar(cifar / f"data_batch_{i + 1}.bin", last - first)
    write_cifar(cifar / "test_batch.bin", TEST_SAMPLES)


def labels(count):
    return bytes(value % 10 for value in os.urandom(count))


def write_cifar(path, count):
    path.write_bytes(b"".join(label.to_bytes(1, "big") + os.urandom(CIFAR_SAMPLE) for label in labels(count)))
