using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.LibTorch.Tests.Reference;

namespace DistTrain.LibTorch.Tests.Contract;

/// <summary>Copies to and from a device, with the CPU in its place; which device a replica has.</summary>
public abstract class DeviceContract<TEngine> where TEngine : IEngineUnderTest
{
    [SkippableFact]
    public void A_device_sees_new_parameters_when_it_is_told_and_not_before()
    {
        var engine = TEngine.Open(asDevice: true);
        using var test = Case();
        using var replica = engine.CreateReplica(test.Options, test.Parameters);
        using var batch = test.Batch(0, 6);
        float[] before = Gradient(replica, batch, test);

        foreach (ref float value in test.Parameters.Span)
        {
            value *= 1.5f;
        }

        Gradient(replica, batch, test).ShouldBe(before);
        replica.RefreshParameters();
        float[] after = Gradient(replica, batch, test);
        after.ShouldNotBe(before);
        using var fresh = engine.CreateReplica(test.Options, test.Parameters);
        Gradient(fresh, batch, test).ShouldBe(after);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_may_go_to_another_buffer_every_time(bool asDevice)
    {
        var engine = TEngine.Open(asDevice);
        using var test = Case();
        using var replica = engine.CreateReplica(test.Options, test.Parameters);
        using var batch = test.Batch(0, 6);
        using var one = new NativeBuffer<float>(test.Layout.TotalCount);
        using var two = new NativeBuffer<float>(test.Layout.TotalCount);
        replica.ComputeGradient(batch, 1, one);
        float[] bits = one.Span.ToArray();

        foreach (var buffer in (NativeBuffer<float>[])[two, one, two])
        {
            one.Span.Fill(float.NaN);
            two.Span.Fill(float.NaN);
            replica.ComputeGradient(batch, 1, buffer);
            buffer.Span.ToArray().ShouldBe(bits);
            var other = buffer == one ? two : one;
            other.Span.ToArray().ShouldAllBe(value => float.IsNaN(value));
        }
    }

    [SkippableFact]
    public void A_replica_works_where_its_options_say_whatever_the_engine_was_opened_for()
    {
        TEngine.Open();
        var any = TEngine.OpenFor(null);
        any.Description.ShouldNotContain(" on ");
        var engine = TEngine.OpenFor("cpu");
        engine.Description.ShouldBe(any.Description + " on cpu");
        using var test = Case();

        foreach (var opened in (IEngine[])[any, engine])
        {
            using var replica = opened.CreateReplica(test.Options, test.Parameters);
            Should.Throw<UserFaultException>(
                () => opened.CreateReplica(test.Options with { Device = "cuda:999" }, test.Parameters))
                .Message.ShouldStartWith("device \"cuda:999\": ");
        }
    }

    private static ReferenceCase Case()
        => new(new ModelSpec { Preset = "resnet8", Dropout = 0.2 }, SampleShape.Image(3, 32, 32), 10, 6);

    private static float[] Gradient(IReplica replica, MicroBatch batch, ReferenceCase test)
    {
        using var gradient = new NativeBuffer<float>(test.Layout.TotalCount);
        replica.ComputeGradient(batch, 1, gradient);
        return gradient.Span.ToArray();
    }
}
