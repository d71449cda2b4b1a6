using System.Runtime.CompilerServices;
using Floats = System.Numerics.Vector<float>;

namespace DistTrain.Core.Optimizers;

/// <summary>
/// Moves a model's buffers, such as batch norm's running statistics, by the mean of the changes its shards
/// made. They are no parameters: no rate, decay or clipping touches them.
/// </summary>
public static unsafe class RunningBuffers
{
    /// <summary>buffers[i] += changeSum[i]·scale; any slicing gives the same bits.</summary>
    /// <param name="buffers">First buffer element, behind the parameters.</param>
    /// <param name="changeSum">
    /// The tail of the summed gradient: changes, each times its shard's sample count.
    /// </param>
    /// <param name="scale">1/B, without the clip factor.</param>
    /// <param name="length">Elements.</param>
    public static void Apply(float* buffers, float* changeSum, float scale, long length)
        => FlatUpdate.Run(new Rule(new Floats(scale)), buffers, changeSum, null, null, length);

    private readonly struct Rule(Floats scale) : IUpdateRule
    {
        public static int States => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(
            ref Floats weight, Floats gradient, ref Floats state0, ref Floats state1)
            => weight += gradient * scale;
    }
}
