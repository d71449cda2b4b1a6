using System.Reflection;
using DistTrain.Core;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Core.Sampling;
using DistTrain.TorchSharp.Runtime;
using DistTrain.TorchSharp.Tensors;

namespace DistTrain.TorchSharp.Models;

/// <summary>
/// A module of a user's own, opened and tried once for a shape of data; replicas have it built anew. Its
/// constructor takes nothing, or the input's dimensions without the batch and the number of outputs.
/// </summary>
internal sealed class UserModel
{
    private const long TriedSamples = 2;
    private static readonly Type[] ShapeArguments = [typeof(long[]), typeof(long)];
    private readonly string _name;
    private readonly ConstructorInfo _constructor;
    private readonly object[] _arguments;
    private readonly bool _draws;

    private UserModel(ModelPlan plan, AssemblyModel model)
    {
        _name = $"{model.Path}: {model.Type}";
        Type type = ModelAssembly.TypeOf(model.Path, model.Type);
        long[] input = [.. plan.Input.Dimensions.Select(size => (long)size)];
        var shaped = type.GetConstructor(ShapeArguments);
        _arguments = shaped is null ? [] : [input, (long)plan.Outputs];
        _constructor = shaped ?? type.GetConstructor([]) ?? throw new UserFaultException(
            $"{_name}: needs a public constructor that takes nothing, or (long[] input, long outputs)");
        using var module = Construct(seed: 0);
        using var scope = NewDisposeScope();
        Layout = Tensors(module).Layout();
        _draws = Try(module, input, plan.Outputs);
    }

    public ParameterLayout Layout { get; }

    /// <exception cref="UserFaultException">The model cannot be loaded or does not fit the data.</exception>
    public static UserModel Open(ModelPlan plan) => new(plan, plan.Assembly!);

    public ReplicaModule Build() => new(Construct(seed: 0), _draws, new ShardKey());

    /// <summary>What its constructor gives its tensors, drawn from the job's seed.</summary>
    public unsafe void ReadInitialValues(long seed, NativeBuffer<float> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parameters.Length, Layout.TotalCount);
        using var module = Construct(KeyedRandom.Key((ulong)seed, (ulong)RandomDomain.Initialisation));
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var flat = new FlatTensor(CPU, isShared: true, Layout.TotalCount);
        flat.Attach(parameters.Pointer);
        var tensors = Tensors(module);
        foreach (var ((_, tensor), slot) in tensors.Trained.Concat(tensors.Buffers).Zip(Layout.Slots))
        {
            using Tensor view = flat.View(slot.Offset, [.. slot.Shape.Select(size => (long)size)]);
            view.copy_(tensor).Dispose();
        }
    }

    private nn.Module<Tensor, Tensor> Construct(ulong seed) => UserCode.Run(
        _name, () => Draws.Seeded(seed, () => (nn.Module<Tensor, Tensor>)_constructor.Invoke(_arguments)));

    private ModuleTensors Tensors(nn.Module module)
    {
        try
        {
            return ModuleTensors.Of(module);
        }
        catch (UserFaultException fault)
        {
            throw new UserFaultException($"{_name}: {fault.Message}", fault);
        }
    }

    /// <summary>Runs it on two blank samples and looks at what comes out.</summary>
    /// <returns>Whether it draws random numbers.</returns>
    private bool Try(nn.Module<Tensor, Tensor> module, long[] input, long outputs)
    {
        using var none = no_grad();
        using Tensor samples = zeros([TriedSamples, .. input]);
        module.train();
        (Tensor result, bool drew) = UserCode.Run(_name, () => Draws.Watched(0, () => module.call(samples)));
        if (result.dtype != ScalarType.Float32 || !result.shape.SequenceEqual([TriedSamples, outputs]))
        {
            throw new UserFaultException(
                $"{_name}: for {TriedSamples} samples it gives {result.dtype} "
                + $"[{string.Join(", ", result.shape)}], it must give Float32 [{TriedSamples}, {outputs}]");
        }

        return drew;
    }
}
