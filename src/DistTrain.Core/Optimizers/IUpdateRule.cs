using Floats = System.Numerics.Vector<float>;

namespace DistTrain.Core.Optimizers;

/// <summary>
/// The arithmetic of one optimizer for a vector of elements: all there is to write for a new one.
/// Implementations are structs of broadcast constants, so that the loop in <see cref="FlatUpdate"/> is
/// compiled anew for each of them with <see cref="Apply"/> inlined.
/// </summary>
internal interface IUpdateRule
{
    /// <summary>State vectors used: 0, 1 or 2. The loop loads and stores no others.</summary>
    static abstract int States { get; }

    /// <summary>One update: multiplications and additions must stay separate, element by element.</summary>
    void Apply(ref Floats weight, Floats gradient, ref Floats state0, ref Floats state1);
}
