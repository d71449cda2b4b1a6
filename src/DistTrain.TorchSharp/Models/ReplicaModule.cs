namespace DistTrain.TorchSharp.Models;

/// <summary>A module as a replica uses it: built for that replica alone.</summary>
/// <param name="Module">Takes [n, …input], gives [n, outputs].</param>
/// <param name="Draws">Its forward pass in training draws on libtorch's default generator.</param>
/// <param name="Key">What its own random layers draw from; set before every pass.</param>
internal sealed record ReplicaModule(nn.Module<Tensor, Tensor> Module, bool Draws, ShardKey Key);

/// <summary>The key of a pass's random numbers.</summary>
internal sealed class ShardKey
{
    /// <summary>A function of seed, epoch, step and shard.</summary>
    public ulong Seed { get; set; }
}
