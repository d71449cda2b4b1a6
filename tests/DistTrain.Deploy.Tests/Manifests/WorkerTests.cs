using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Manifests;

public sealed class WorkerTests
{
    private const string Gpu = "nvidia.com/gpu";

    [SkippableTheory]
    [InlineData("cpu", null, "cpu")]
    [InlineData("gpu", "1", "cuda:0")]
    [InlineData("local", null, "cpu")]
    public void A_worker_asks_for_the_device_it_computes_on(string overlay, string? devices, string device)
    {
        PodTemplate worker = Overlay.Of(overlay).Worker;
        JsonNode resources = worker.Container["resources"]!;
        JsonArray tolerations = worker.Spec["tolerations"] as JsonArray ?? [];
        string[] tolerated = [.. tolerations.Select(toleration => (string)toleration!["key"]!)];
        int flag = Array.IndexOf(worker.Arguments, "--device");

        ((string?)resources["limits"]![Gpu]).ShouldBe(devices);
        (flag < 0 ? "cpu" : worker.Arguments[flag + 1]).ShouldBe(device);
        tolerated.ShouldBe(devices is null ? [] : [Gpu]);
        (worker.Spec["nodeSelector"]!["nvidia.com/gpu.present"] is not null).ShouldBe(devices is not null);
        Overlay.Of(overlay).Coordinator.Container["resources"]!["limits"]![Gpu].ShouldBeNull();
    }

    /// <summary>One that ended would be started again and again, and its reason lost with it.</summary>
    [SkippableFact]
    public void A_worker_without_its_device_is_up_and_not_ready()
    {
        PodTemplate worker = Overlay.Of("gpu").Worker;
        worker.Arguments.ShouldContain("--wait-for-device");
        worker.Container["readinessProbe"].ShouldNotBeNull("it has no link while it waits");
        worker.Container["startupProbe"].ShouldBeNull("it may wait for long");
        Overlay.Of("cpu").Worker.Arguments.ShouldNotContain("--wait-for-device");
    }

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    [InlineData("local")]
    public void Every_container_says_what_it_needs_and_where_its_memory_ends(string overlay)
    {
        foreach (PodTemplate pod in Overlay.Of(overlay).Pods)
        {
            JsonNode resources = pod.Container["resources"]!;
            resources["requests"]!["cpu"].ShouldNotBeNull();
            resources["requests"]!["memory"].ShouldNotBeNull();
            resources["limits"]!["memory"].ShouldNotBeNull();
            resources["limits"]!["cpu"].ShouldBeNull("a node that is throttled misses heartbeats");
        }
    }

    [SkippableFact]
    public void There_is_time_to_finish_a_step()
    {
        const int KubernetesOwn = 30;
        foreach (PodTemplate pod in Overlay.Of("gpu").Pods)
        {
            ((int)pod.Spec["terminationGracePeriodSeconds"]!).ShouldBeGreaterThan(KubernetesOwn);
        }
    }

    [SkippableFact]
    public void No_liveness_probe_restarts_a_worker_that_computes_a_long_step()
        => Overlay.Of("gpu").Worker.Container["livenessProbe"].ShouldBeNull();

    /// <summary>The probe's own command, on this machine, with a link of the test's.</summary>
    [SkippableFact]
    public void A_worker_is_ready_while_its_link_is_open()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the probe reads Linux's table of connections");
        Overlay rendered = Overlay.Of("gpu");
        JsonNode exec = rendered.Worker.Container["readinessProbe"]!["exec"]!;
        string[] command = [.. exec["command"]!.AsArray().Select(word => (string)word!)];
        string port = $"{rendered.Coordinator.Port("link"):X4}";
        command.Count(word => word.Contains(port, StringComparison.Ordinal)).ShouldBe(1);
        using var coordinator = new TcpListener(IPAddress.Loopback, 0);
        coordinator.Start();
        var at = (IPEndPoint)coordinator.LocalEndpoint;
        // The port of the manifest may be taken here.
        string[] probe =
            [.. command.Select(word => word.Replace(port, $"{at.Port:X4}", StringComparison.Ordinal))];

        Run(probe).ShouldBe(1, "nobody is connected");
        using (var worker = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            worker.Connect(at);
            using Socket accepted = coordinator.AcceptSocket();
            Run(probe).ShouldBe(0, "a worker is");
        }

        Run(probe).ShouldBe(1, "it has gone");
    }

    private static int Run(string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]))!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
