using DistTrain.Core;
using DistTrain.Core.Memory;
using DistTrain.Runs.Tests.Fixtures;
using DistTrain.Runs.Weights;

namespace DistTrain.Runs.Tests.Weights;

public sealed class WeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_hash_is_sha256_over_little_endian_floats()
    {
        using var buffer = new NativeBuffer<float>(3);
        (buffer.Span[0], buffer.Span[1], buffer.Span[2]) = (1f, -2f, 99f);

        // printf '\x00\x00\x80\x3f\x00\x00\x00\xc0' | sha256sum
        WeightsHash.Compute(buffer, 2)
            .ShouldBe("ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b");

        // sha256sum < /dev/null
        WeightsHash.Compute(buffer, 0)
            .ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        Should.Throw<ArgumentOutOfRangeException>(() => WeightsHash.Compute(buffer, 4));
    }

    [Fact]
    public void A_buffer_longer_than_a_piece_is_hashed_whole()
    {
        using var buffer = new NativeBuffer<float>((1 << 20) * 2 + 3);
        buffer.Span.Fill(0.75f);
        byte[] bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(buffer.Span).ToArray();
        WeightsHash.Compute(buffer, buffer.Length)
            .ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
    }

    [Fact]
    public void Weights_are_written_and_read_back()
    {
        using var model = new TinyModel().Fill(4);
        WeightsFile.Write(_folder["w.safetensors"], model.Layout, model.Tensors.Parameters, "{}");
        using var target = new TinyModel();
        WeightsFile.Read(_folder["w.safetensors"], target.Layout, target.Tensors.Parameters);
        target.Tensors.Parameters.Span.ToArray().ShouldBe(model.Tensors.Parameters.Span.ToArray());
    }

    [Fact]
    public void A_flipped_bit_in_the_weights_is_noticed()
    {
        using var model = new TinyModel().Fill(4);
        string path = _folder["w.safetensors"];
        WeightsFile.Write(path, model.Layout, model.Tensors.Parameters, "{}");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^3] ^= 4;
        File.WriteAllBytes(path, bytes);
        Should.Throw<UserFaultException>(() => WeightsFile.Read(path, model.Layout, model.Tensors.Parameters))
            .Message.ShouldBe($"{path} is damaged: its tensors do not match the weightsSha256 it carries");
    }

    [Fact]
    public void Weights_that_cannot_be_written_name_their_file()
    {
        using var model = new TinyModel();
        Should.Throw<RunFaultException>(() => WeightsFile.Write(
            _folder["none/w.safetensors"], model.Layout, model.Tensors.Parameters, "{}"))
            .Message.ShouldStartWith($"{_folder["none/w.safetensors"]} could not be written: ");
    }
}
