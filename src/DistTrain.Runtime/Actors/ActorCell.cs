using DistTrain.Core.Hosting;

namespace DistTrain.Runtime.Actors;

/// <summary>An actor together with its mailbox and whatever runs it.</summary>
internal abstract class ActorCell(ActorId id, Action<ActorId, Exception?> stopped)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected ActorId Id { get; } = id;

    public abstract void Start();

    public abstract bool Tell(IMessage message);

    public Task StopAsync()
    {
        Close();
        return _ended.Task;
    }

    protected abstract void Close();

    /// <summary>The actor is gone; watchers hear of it, then whoever waits for the stop.</summary>
    protected void End(Exception? fault)
    {
        stopped(Id, fault);
        _ended.TrySetResult();
    }
}

/// <summary>Runs its actor on one thread for its whole life.</summary>
internal sealed class OwnThreadCell(
    ActorId id, Func<IActor> create, Action<ActorId, Exception?> stopped, int spins) : ActorCell(id, stopped)
{
    private const int MailboxCapacity = 4096;
    private const int StackBytes = 8 << 20;
    private readonly OwnThreadMailbox _mailbox = new(MailboxCapacity, spins);

    public override void Start()
        => new Thread(Run, StackBytes) { IsBackground = true, Name = Id.Name }.Start();

    public override bool Tell(IMessage message) => _mailbox.TryPost(message);

    protected override void Close() => _mailbox.Close();

    private void Run()
    {
        Exception? fault = null;
        IActor? actor = null;
        try
        {
            actor = create();
            actor.Started();
            while (_mailbox.Take() is { } message)
            {
                actor.Receive(message);
            }
        }
        catch (Exception exception)
        {
            fault = exception;
            _mailbox.Close();
        }
        finally
        {
            actor?.Dispose();
            End(fault);
        }
    }
}

/// <summary>
/// Runs its actor on the thread that finds it idle. Messages told meanwhile, also by the actor to itself, are
/// handled by that same thread before it returns.
/// </summary>
internal sealed class SharedCell(ActorId id, Func<IActor> create, Action<ActorId, Exception?> stopped)
    : ActorCell(id, stopped)
{
    private const int MailboxCapacity = 4096;
    private readonly Lock _lock = new();
    private readonly Queue<IMessage> _messages = new();
    private IActor? _actor;
    private bool _running;
    private bool _closed;
    private bool _over;

    public override void Start()
    {
        _running = true;
        Exception? fault = null;
        try
        {
            _actor = create();
            _actor.Started();
        }
        catch (Exception exception)
        {
            fault = exception;
        }
        Drain(fault);
    }

    public override bool Tell(IMessage message)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }
            if (_messages.Count >= MailboxCapacity)
            {
                throw new InvalidOperationException(
                    $"the mailbox of {Id} ({MailboxCapacity} messages) is full");
            }
            _messages.Enqueue(message);
            if (_running)
            {
                return true;
            }
            _running = true;
        }
        Drain(null);
        return true;
    }

    protected override void Close()
    {
        lock (_lock)
        {
            _closed = true;
            if (_running || _over)
            {
                return;
            }
            _running = true;
        }
        Drain(null);
    }

    private void Drain(Exception? fault)
    {
        while (fault is null)
        {
            IMessage? message;
            lock (_lock)
            {
                if (!_messages.TryDequeue(out message))
                {
                    if (!_closed)
                    {
                        _running = false;
                        return;
                    }
                    break;
                }
            }
            try
            {
                _actor!.Receive(message);
            }
            catch (Exception exception)
            {
                fault = exception;
            }
        }
        lock (_lock)
        {
            _closed = true;
            _over = true;
            _running = false;
            _messages.Clear();
        }
        _actor?.Dispose();
        End(fault);
    }
}
