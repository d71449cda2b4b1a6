using System.Runtime.InteropServices;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.LibTorch.Tests.Reference;

namespace DistTrain.LibTorch.Tests;

/// <summary>
/// Signals that come while a replica computes. oneDNN's kernels keep the stack pointer in a buffer on the
/// heap: a signal let through there writes over its neighbour, and the process dies soon after.
/// </summary>
public sealed partial class SignalTests
{
    private const int Gradients = 300;
    private const int SigCont = 18;

    [SkippableFact]
    public void A_replica_survives_signals_to_its_thread_and_gives_the_same_bits()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals are sent to a thread as Linux does it");
        IEngine engine = NativeEngine.Open();
        using var test = new ReferenceCase(
            new ModelSpec { Preset = "mlp", Hidden = [512, 256] }, SampleShape.Image(1, 28, 28), 10, 256);
        float[] undisturbed = Compute(engine, test, 1, _ => { });
        int handled = 0;
        using var handler = PosixSignalRegistration.Create(
            (PosixSignal)SigCont, _ => Interlocked.Increment(ref handled));
        int thread = 0;
        bool over = false;
        float[] disturbed = [];
        var worker = new Thread(() =>
        {
            disturbed = Compute(engine, test, Gradients, own => Volatile.Write(ref thread, own));
            Volatile.Write(ref over, true);
        });
        worker.Start();
        while (!Volatile.Read(ref over))
        {
            if (Volatile.Read(ref thread) is var id and not 0)
            {
                _ = tgkill(Environment.ProcessId, id, SigCont);
            }
        }
        worker.Join();
        disturbed.ShouldBe(undisturbed);
        SpinWait.SpinUntil(() => Volatile.Read(ref handled) > 0, TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    private static float[] Compute(IEngine engine, ReferenceCase test, int repeat, Action<int> begun)
    {
        using IReplica replica = engine.CreateReplica(test.Options, test.Parameters);
        using var gradient = new NativeBuffer<float>(test.Layout.TotalCount);
        using MicroBatch batch = test.Batch(0, test.Labels.Length);
        begun(gettid());
        for (int i = 0; i < repeat; i++)
        {
            replica.ComputeGradient(batch, 7, gradient);
        }
        return gradient.Span.ToArray();
    }

    [LibraryImport("libc")]
    private static partial int gettid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tgkill(int process, int thread, int signal);
}
