using System.Diagnostics;
using DistTrain.Cli.Settings;
using DistTrain.Core;
using DistTrain.Core.Engine;

namespace DistTrain.Cli.Nodes;

/// <summary>What <c>disttrain up</c> starts.</summary>
internal sealed record LocalClusterOptions
{
    public required ProgramFile Program { get; init; }

    /// <summary>From 1.</summary>
    public required int Workers { get; init; }

    /// <summary>Of <c>disttrain coordinator</c>, beside those that a local cluster decides.</summary>
    public required IReadOnlyList<string> CoordinatorArguments { get; init; }

    /// <summary>Of <c>disttrain worker</c>, likewise.</summary>
    public required IReadOnlyList<string> WorkerArguments { get; init; }

    /// <summary>Which worker computes on which device.</summary>
    public required DeviceList Devices { get; init; }

    /// <summary>The environment of the children; the token is in it.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>How long a node may take to leave.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// A coordinator and workers as processes of this machine, for trying things out. Where one of them ends
/// before all are there, or the coordinator at any time, all are taken down; a worker that is lost later is
/// the cluster's to bear.
/// </summary>
/// <param name="options">What to start.</param>
/// <param name="notice">Takes lines for people, also those of the nodes.</param>
/// <param name="time">Clock of the grace.</param>
internal sealed class LocalCluster(LocalClusterOptions options, Action<string> notice, TimeProvider time)
{
    private readonly List<NodeProcess> _nodes = [];

    /// <param name="up">Is called when all nodes are there.</param>
    /// <param name="stop">Takes the cluster down; that is no fault.</param>
    /// <exception cref="RunFaultException">A node ended that may not.</exception>
    public async Task RunAsync(Action<CoordinatorAddresses> up, CancellationToken stop)
    {
        try
        {
            NodeProcess coordinator = Start(
                "coordinator", ["coordinator", "--listen", "127.0.0.1:0", .. options.CoordinatorArguments]);
            string line = await ReadyAsync(coordinator, stop);
            CoordinatorAddresses addresses = ReadyLine.ReadListening(line)
                ?? throw new RunFaultException($"the coordinator said {line} instead of its addresses");
            for (int i = 1; i <= options.Workers; i++)
            {
                string name = $"worker-{i}";
                Start(name, ["worker", "--coordinator", addresses.Listen, "--name", name,
                    SettingTable.Device.Flag!, options.Devices.Of(i - 1), .. options.WorkerArguments]);
            }

            foreach (NodeProcess worker in _nodes.Skip(1))
            {
                await ReadyAsync(worker, stop);
            }

            up(addresses);
            await UntilCoordinatorEndsAsync(coordinator, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            notice("taking the cluster down");
        }
        finally
        {
            await TakeDownAsync();
        }
    }

    private NodeProcess Start(string name, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(
            options.Program.File, [.. options.Program.Leading, .. arguments, NodeOptions.UntilStdinEnds])
        {
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach ((string variable, string value) in options.Variables)
        {
            start.Environment[variable] = value;
        }

        var node = new NodeProcess(name, start, notice);
        _nodes.Add(node);
        return node;
    }

    private async Task<string> ReadyAsync(NodeProcess node, CancellationToken stop)
    {
        Task ended = Task.WhenAny(_nodes.Select(other => other.Exited));
        await Task.WhenAny(node.Ready, ended).WaitAsync(stop);
        return _nodes.Find(other => other.Exited.IsCompleted) is { } lost
            ? throw new RunFaultException(
                $"{lost.Name} ended with exit code {await lost.Exited} before all were there")
            : await node.Ready;
    }

    private async Task UntilCoordinatorEndsAsync(NodeProcess coordinator, CancellationToken stop)
    {
        List<NodeProcess> running = [.. _nodes];
        while (true)
        {
            await Task.WhenAny(running.Select(node => node.Exited)).WaitAsync(stop);
            NodeProcess lost = running.Find(node => node.Exited.IsCompleted)!;
            running.Remove(lost);
            string how = $"{lost.Name} ended with exit code {await lost.Exited}";
            if (lost == coordinator)
            {
                throw new RunFaultException(how);
            }

            notice($"{how}; the others go on");
        }
    }

    /// <summary>Workers first: they have work to hand back. Then the coordinator, which saves.</summary>
    private async Task TakeDownAsync()
    {
        await Task.WhenAll(_nodes.Skip(1).Select(StopAsync));
        foreach (NodeProcess node in _nodes)
        {
            await StopAsync(node);
            await node.DisposeAsync();
        }
    }

    private async Task StopAsync(NodeProcess node)
    {
        if (!await node.StopAsync(options.Grace, time))
        {
            notice($"{node.Name} did not leave in {options.Grace.TotalSeconds} s and was ended");
        }
    }
}
