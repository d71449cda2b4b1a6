using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Memory;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;
using DistTrain.Runtime.Training;

namespace DistTrain.Cluster.Worker;

/// <summary>
/// A worker's data plane over its link: weights arrive straight in the replica's parameter buffer, gradients
/// leave straight from the buffers they were computed in.
/// <code>
///   buffer holds version t ──weights t+1 begin──► receiving ──last byte──► holds t+1
///            │  TryEnter(t)                          TryEnter(anything): false
///            ▼
///        computing: weights that begin meanwhile wait, unread, until Exit
/// </code>
/// Invariant: nobody computes while the buffer is being written, so never on a mixture of two versions.
/// Called by the worker's thread and by the link's read loop.
/// </summary>
internal sealed class LinkPlane(
    RunId run, ActorId self, IActorHost host, ILink link, NativeBuffer<float> parameters,
    Func<int, NativeBuffer<float>> gradients, IWorkerWatch? watch = null) : IWorkerDataPlane
{
    private const long Nothing = -1;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _exit;
    private long _held = Nothing;
    private long _wanted = Nothing;
    private int _sending;
    private bool _receiving;
    private bool _computing;
    private bool _closed;

    public void Acquire(long version)
    {
        lock (_lock)
        {
            if (_held != version)
            {
                _wanted = version;
                return;
            }
        }
        host.Tell(self, new WeightsAcquired(version));
    }

    public bool TryEnter(long version)
    {
        lock (_lock)
        {
            _computing = _held == version;
            return _computing;
        }
    }

    public void Exit()
    {
        TaskCompletionSource? exit;
        lock (_lock)
        {
            _computing = false;
            (exit, _exit) = (_exit, null);
        }
        exit?.SetResult();
    }

    public void Publish(SubtreeReady ready, bool isLast)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }
            _sending++;
        }
        watch?.OnPublished(ready);
        // The link's read loop has a thread of its own, so the coordinator never waits for this one.
        if (!link.TrySend(
            new RunMessage(run, ready), Payload.Of(gradients(ready.Buffer)), _ => Sent(),
            lendsThread: isLast))
        {
            Sent();
        }
    }

    /// <summary>Weights begin to arrive; the result is where they go. null: they are not wanted.</summary>
    /// <exception cref="ProtocolFaultException">They are not those of this model.</exception>
    public async ValueTask<Payload?> ReceiveAsync(long bytes, CancellationToken cancellation)
    {
        if (bytes != parameters.ByteLength)
        {
            throw new ProtocolFaultException(
                $"weights of {bytes} bytes for a model of {parameters.ByteLength}");
        }
        Task? exit = null;
        lock (_lock)
        {
            if (_computing)
            {
                _exit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                exit = _exit.Task;
                // Keeps the next shard from starting on weights that are about to go.
                _held = Nothing;
            }
        }
        if (exit is not null)
        {
            await exit.WaitAsync(cancellation);
        }
        lock (_lock)
        {
            if (_closed)
            {
                return null;
            }
            _held = Nothing;
            _receiving = true;
            return Payload.Of(parameters);
        }
    }

    /// <summary>The weights are in place.</summary>
    public void Received(long version)
    {
        bool wanted;
        lock (_lock)
        {
            _receiving = false;
            _held = version;
            wanted = _wanted == version;
            SettleIfQuiet();
        }
        if (wanted)
        {
            host.Tell(self, new WeightsAcquired(version));
        }
    }

    /// <summary>The link is gone: what was arriving will not come.</summary>
    public void LinkClosed()
    {
        lock (_lock)
        {
            _receiving = false;
            _closed = true;
            SettleIfQuiet();
        }
    }

    /// <summary>
    /// Takes and sends nothing new; completes when no byte of the buffers is under way any more.
    /// </summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            SettleIfQuiet();
        }
        return _quiet.Task;
    }

    private void Sent()
    {
        lock (_lock)
        {
            _sending--;
            SettleIfQuiet();
        }
    }

    private void SettleIfQuiet()
    {
        if (_closed && !_receiving && _sending == 0)
        {
            _quiet.TrySetResult();
        }
    }
}
