namespace DistTrain.TorchSharp.Tests.Models;

// What a user may bring, right and wrong. These tests' own assembly is loaded as a model's, into a context of
// its own. Samples are 1×3×4, classes three.

/// <summary>Flatten and one linear layer, under the shortest of constructors.</summary>
public class Plain : nn.Module<Tensor, Tensor>
{
    private protected readonly nn.Module<Tensor, Tensor> _layer = nn.Linear(12, 3);

    public Plain() : base(nameof(Plain)) => RegisterComponents();

    public override Tensor forward(Tensor input) => _layer.call(input.flatten(1));

    protected sealed override void RegisterComponents() => base.RegisterComponents();
}

/// <summary>Twice the same weights, a frozen part, and a count of its own.</summary>
public sealed class Tied : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _first, _again, _frozen;
    private readonly Tensor _calls = zeros(1, ScalarType.Int64);

    public Tied(long[] input, long outputs) : base(nameof(Tied))
    {
        long length = input.Aggregate((product, side) => product * side);
        _first = nn.Linear(length, length);
        _again = _first;
        _frozen = nn.Linear(length, outputs);
        foreach (var parameter in _frozen.parameters())
        {
            parameter.requires_grad = false;
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        _calls.add_(1).Dispose();
        return _frozen.call(_again.call(tanh(_first.call(input.flatten(1)))));
    }
}

/// <summary>Dropout from libtorch's own generator.</summary>
public sealed class Drawing : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _layers =
        nn.Sequential(nn.Flatten(), nn.Linear(12, 64), nn.Dropout(0.5), nn.Linear(64, 3));

    public Drawing() : base(nameof(Drawing)) => RegisterComponents();

    public override Tensor forward(Tensor input) => _layers.call(input);
}

public sealed class Narrow : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _layer = nn.Linear(12, 2);

    public Narrow() : base(nameof(Narrow)) => RegisterComponents();

    public override Tensor forward(Tensor input) => _layer.call(input.flatten(1));
}

public sealed class Misfit : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _layer = nn.Linear(13, 3);

    public Misfit() : base(nameof(Misfit)) => RegisterComponents();

    public override Tensor forward(Tensor input) => _layer.call(input.flatten(1));
}

public sealed class Unregistered : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _layer = nn.Linear(12, 3);

    public Unregistered() : base(nameof(Unregistered))
    {
    }

    public override Tensor forward(Tensor input) => _layer.call(input.flatten(1));
}

public sealed class Doubled : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _layer = nn.Linear(12, 3, dtype: ScalarType.Float64);

    public Doubled() : base(nameof(Doubled)) => RegisterComponents();

    public override Tensor forward(Tensor input) => _layer.call(input.flatten(1));
}

public sealed class Refusing : nn.Module<Tensor, Tensor>
{
    public Refusing() : base(nameof(Refusing)) => throw new InvalidOperationException("not on a Sunday");

    public override Tensor forward(Tensor input) => input;
}

public sealed class Demanding(string wish) : nn.Module<Tensor, Tensor>(wish)
{
    public override Tensor forward(Tensor input) => input;
}

public sealed class NoModule;

/// <summary>Works when it is tried, on two samples, and not in a batch of three.</summary>
public sealed class Capricious : Plain
{
    public override Tensor forward(Tensor input)
        => input.shape[0] == 3 ? throw new ArithmeticException("three is too many\nby one")
            : base.forward(input);
}
