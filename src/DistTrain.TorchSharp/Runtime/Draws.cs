namespace DistTrain.TorchSharp.Runtime;

/// <summary>
/// Modules draw on libtorch's default generator, which is one for the process. Whoever lets one draw seeds it
/// and holds this lock meanwhile, so that the numbers follow from the seed alone and not from other replicas.
/// </summary>
internal static class Draws
{
    private static readonly Lock Gate = new();

    /// <summary>Runs <paramref name="work"/> with the generator at the start of a seed's numbers.</summary>
    public static T Seeded<T>(ulong seed, Func<T> work)
    {
        lock (Gate)
        {
            random.manual_seed(unchecked((long)seed)).Dispose();
            return work();
        }
    }

    /// <summary>As <see cref="Seeded"/>, and says whether any number was drawn.</summary>
    public static (T Result, bool Drew) Watched<T>(ulong seed, Func<T> work) => Seeded(seed, () =>
    {
        byte[] before = State();
        T result = work();
        return (result, !before.AsSpan().SequenceEqual(State()));
    });

    private static byte[] State()
    {
        using Generator generator = Generator.Default;
        using Tensor state = generator.get_state();
        return state.bytes.ToArray();
    }
}
