using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MyModel;

/// <summary>
/// A small convolutional network with batch norm and dropout. It takes [n, channels, height, width] and gives
/// [n, outputs]: one number for each class, without softmax, which is part of the loss.
/// </summary>
public sealed class Net : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _features;
    private readonly Module<Tensor, Tensor> _head;

    /// <summary>Both arguments come from the data; a constructor without arguments does as well.</summary>
    /// <param name="input">A sample's shape without the batch: [channels, height, width].</param>
    /// <param name="outputs">Classes, or regression targets.</param>
    public Net(long[] input, long outputs) : base(nameof(Net))
    {
        _features = Sequential(
            Conv2d(input[0], 8, 3, stride: 2, padding: 1), BatchNorm2d(8), ReLU(),
            Conv2d(8, 16, 3, stride: 2, padding: 1), ReLU(), Flatten());
        long rows = (input[1] + 3) / 4, columns = (input[2] + 3) / 4;
        _head = Sequential(Dropout(0.2), Linear(16 * rows * columns, outputs));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _head.call(_features.call(input));
}
