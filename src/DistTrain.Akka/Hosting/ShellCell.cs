using Akka.Actor;
using DistTrain.Core.Hosting;

namespace DistTrain.Akka.Hosting;

/// <summary>
/// What a host knows of one actor: whether it takes messages, how many wait, and when it is gone. Messages
/// that are told before the guardian has started the actor wait here.
/// Full mode: the protocol bounds what can be under way, so a full mailbox is a broken invariant and throws.
/// </summary>
internal sealed class ShellCell(ActorId id, Action<ActorId, Exception?> stopped)
{
    private const int MailboxCapacity = 4096;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private List<object>? _early = [];
    private IActorRef? _shell;
    private bool _closed;
    private bool _over;
    private int _waiting;

    public ActorId Id => id;

    /// <summary>The exception that escaped; null: none so far.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Asks the guardian for the actor; what cannot start is over.</summary>
    public void Open(IActorRef guardian, StartShell order) => guardian.Tell(order, ActorRefs.NoSender);

    /// <summary>The actor is there: what was told meanwhile goes to it first.</summary>
    public void Attach(IActorRef shell)
    {
        lock (_lock)
        {
            _shell = shell;
            foreach (object message in _early!)
            {
                shell.Tell(message, ActorRefs.NoSender);
            }
            _early = null;
        }
    }

    /// <summary>False: it is stopped or stopping.</summary>
    public bool Tell(IMessage message)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }
            if (_waiting >= MailboxCapacity)
            {
                throw new InvalidOperationException(
                    $"the mailbox of {id} ({MailboxCapacity} messages) is full");
            }
            _waiting++;
            Pass(message);
            return true;
        }
    }

    /// <summary>A message has been taken out of the mailbox.</summary>
    public void Taken()
    {
        lock (_lock)
        {
            _waiting--;
        }
    }

    public Task StopAsync()
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _closed = true;
                Pass(StopShell.Instance);
            }
        }
        return _ended.Task;
    }

    /// <summary>An exception escaped: nothing more is taken, and whoever watches hears of it.</summary>
    public void Fail(Exception fault)
    {
        lock (_lock)
        {
            Fault ??= fault;
            _closed = true;
        }
    }

    /// <summary>The actor is gone; watchers hear of it, then whoever waits for the stop.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_over)
            {
                return;
            }
            _closed = _over = true;
        }
        stopped(id, Fault);
        _ended.TrySetResult();
    }

    private void Pass(object message)
    {
        if (_shell is { } shell)
        {
            shell.Tell(message, ActorRefs.NoSender);
        }
        else
        {
            _early!.Add(message);
        }
    }
}

/// <summary>The last message of an actor that is stopped.</summary>
internal sealed class StopShell
{
    public static readonly StopShell Instance = new();
}

/// <summary>Asks the guardian to start an actor.</summary>
internal sealed record StartShell(Props Props, ShellCell Cell);
