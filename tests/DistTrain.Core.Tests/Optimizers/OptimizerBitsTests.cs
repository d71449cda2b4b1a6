using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DistTrain.Core.Sampling;

namespace DistTrain.Core.Tests.Optimizers;

/// <summary>
/// The very bits, on every machine: only IEEE operations lead to them, so no vector width, processor or
/// runtime may change them. Run with DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 or DOTNET_EnableHWIntrinsic=0
/// to see narrower vectors come to the same.
/// </summary>
public sealed class OptimizerBitsTests
{
    [Theory]
    [InlineData("sgd", "79154962433a1143")]
    [InlineData("sgd, decay", "c616bbaf20abb394")]
    [InlineData("sgd, momentum", "69b956ee5ae8b107")]
    [InlineData("sgd, momentum, decay", "c3aca850208d0355")]
    [InlineData("sgd, nesterov, decay", "e7722cdbfdde9ef4")]
    [InlineData("rmsprop", "2381912fa13fde9a")]
    [InlineData("rmsprop, momentum, decay", "5a33c3987cf63bbb")]
    [InlineData("adam", "09ac0e5abad37678")]
    [InlineData("adam, decay", "39f124b0cf25205d")]
    [InlineData("adamw", "09ac0e5abad37678")]
    [InlineData("adamw, decay", "4d0bdfac3af195d3")]
    public void Weights_and_state_after_fifty_steps_are_known_to_the_bit(string name, string hash)
    {
        using OptimizerBench bench = new(OptimizerCases.Spec(name), Values(0));
        for (int step = 1; step <= 50; step++)
            bench.Step(Values(step), 0.01, 0.25f);
        byte[] digest = SHA256.HashData(MemoryMarshal.AsBytes<float>(bench.All));
        Convert.ToHexStringLower(digest)[..16].ShouldBe(hash);
    }

    private static float[] Values(int stream)
        => [.. Enumerable.Range(0, 77).Select(i => KeyedRandom.Uniform((ulong)stream, (ulong)i) * 2 - 1)];
}
