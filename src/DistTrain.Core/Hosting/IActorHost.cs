namespace DistTrain.Core.Hosting;

/// <summary>The name of an actor, unique in its cluster, e.g. "coordinator" or "worker-3".</summary>
public readonly record struct ActorId(string Name)
{
    public override string ToString() => Name;
}

/// <summary>
/// Whatever can be told to an actor. Messages are immutable and small; tensors never travel in one.
/// </summary>
public interface IMessage;

/// <summary>
/// An actor as a host sees it: messages come one at a time, those of one sender in the order they were told.
/// An exception that escapes ends the actor.
/// </summary>
public interface IActor : IDisposable
{
    /// <summary>Called once, on the actor's thread, before the first message.</summary>
    void Started() { }

    void Receive(IMessage message);
}

/// <summary>Where an actor's messages are handled.</summary>
public enum ActorPlacement
{
    /// <summary>On one thread of its own for its whole life: libtorch lives on such threads.</summary>
    OwnThread,

    /// <summary>
    /// On whichever thread tells it something while it is idle: a hop saved for actors that only decide.
    /// </summary>
    Shared,
}

/// <summary>
/// The actor-host seam: mailboxes, delivery, death notices and timers. The same actors run in-process, over
/// TCP or inside another actor system; whatever implements this must pass the same contract suite.
/// </summary>
public interface IActorHost : IAsyncDisposable
{
    /// <summary>Starts an actor.</summary>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    void Start(ActorId id, ActorPlacement placement, Func<IActor> create);

    /// <summary>
    /// Puts a message into an actor's mailbox and returns. False when no such actor lives (any more): the
    /// message is dropped, as it would be on a network.
    /// </summary>
    bool Tell(ActorId to, IMessage message);

    /// <summary>
    /// Tells <paramref name="watcher"/> an <see cref="ActorStopped"/> when <paramref name="subject"/> ends.
    /// </summary>
    void Watch(ActorId watcher, ActorId subject);

    /// <summary>Tells an actor the same message every period until the result is disposed.</summary>
    IDisposable Every(TimeSpan period, ActorId to, IMessage message);

    /// <summary>
    /// Stops an actor once it has handled what is in its mailbox; completes when it is disposed.
    /// </summary>
    Task StopAsync(ActorId id);
}

/// <summary>An actor has ended.</summary>
/// <param name="Fault">The exception that escaped; null: it was stopped.</param>
public sealed record ActorStopped(ActorId Actor, Exception? Fault) : IMessage;
