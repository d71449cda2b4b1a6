using DistTrain.Core.Memory;
using DistTrain.Core.Sampling;
using DistTrain.TorchSharp.Tensors;

namespace DistTrain.TorchSharp.Models;

/// <summary>
/// Dropout whose mask is a function of the pass's key and the layer's place alone, the very mask of the
/// native engine: element i is dropped when half word i of the keyed stream falls below p·2³².
/// </summary>
internal sealed class KeyedDropout : nn.Module<Tensor, Tensor>
{
    private const double HalfWords = 4294967296.0;
    private readonly double _probability;
    private readonly ulong _position;
    private readonly ShardKey _key;
    private NativeBuffer<float> _mask = new(0);

    /// <param name="probability">To drop an element, in [0, 1).</param>
    /// <param name="position">The layer's number in the model: masks of two layers share no stream.</param>
    /// <param name="key">Of the pass.</param>
    public KeyedDropout(double probability, int position, ShardKey key) : base(nameof(KeyedDropout))
        => (_probability, _position, _key) = (probability, (ulong)position, key);

    public override unsafe Tensor forward(Tensor input)
    {
        if (!training || _probability == 0)
        {
            return input.alias();
        }

        long length = input.numel();
        if (_mask.Length < length)
        {
            _mask.Dispose();
            _mask = new NativeBuffer<float>(length);
        }

        Fill(_mask.Slice(0, checked((int)length)));
        Tensor host = NativeTensors.Over(_mask.Pointer, input.shape);
        return input * (input.device_type == DeviceType.CPU ? host : host.to(input.device));
    }

    protected override void Dispose(bool disposing)
    {
        _mask.Dispose();
        base.Dispose(disposing);
    }

    private void Fill(Span<float> mask)
    {
        uint threshold = (uint)(_probability * HalfWords);
        float kept = (float)(1 / (1 - _probability));
        ulong key = KeyedRandom.Key(_key.Seed, _position);
        for (int i = 0; i < mask.Length; i++)
        {
            ulong word = KeyedRandom.Word(key, (ulong)i / 2);
            mask[i] = (uint)(i % 2 == 0 ? word : word >> 32) < threshold ? 0 : kept;
        }
    }
}
