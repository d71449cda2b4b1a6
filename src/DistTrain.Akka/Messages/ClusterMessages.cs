using DistTrain.Api;

namespace DistTrain.Akka.Messages;

/// <summary>
/// What travels through Akka.Remote. All of it goes through <see cref="ControlSerializer"/>; tensors are none
/// of it.
/// </summary>
internal interface IClusterMessage;

// Worker node to the coordinator's singleton ----------------------------------------------------------------

/// <summary>Asks where payloads go; <see cref="LinkOffered"/> answers once a coordinator is there.</summary>
internal sealed record LinkWanted(string Node) : IClusterMessage;

/// <summary>
/// The data link of this channel is open: whoever has its other end becomes the peer of the sender.
/// <see cref="ControlOpened"/> answers; asked again until it does.
/// </summary>
internal sealed record OpenControl(ulong Channel) : IClusterMessage;

// Coordinator to worker node --------------------------------------------------------------------------------

/// <summary>Where the coordinator listens for data links.</summary>
internal sealed record LinkOffered(string Host, int Port) : IClusterMessage;

/// <summary>The sender is the channel's other end.</summary>
internal sealed record ControlOpened(ulong Channel) : IClusterMessage;

// Either way, between the two ends of a channel -------------------------------------------------------------

/// <param name="Sequence">Counts up from 1 for each end; a gap closes the link.</param>
/// <param name="Body">A control message in the encoding of DistTrain.Net.</param>
internal sealed record ControlFrame(ulong Channel, long Sequence, byte[] Body) : IClusterMessage;

/// <summary>All frames up to this one have been handled.</summary>
internal sealed record ControlAck(ulong Channel, long Sequence) : IClusterMessage;

/// <summary>The sender gives the link up.</summary>
internal sealed record ControlClosed(ulong Channel, string Reason) : IClusterMessage;

// Published to whoever subscribed ---------------------------------------------------------------------------

/// <summary>Something happened to a job; steps are left out.</summary>
internal sealed record JobEventTold(string Job, JobEvent Event) : IClusterMessage;

/// <summary>Weights have reached this version, or a later one by the time this is read.</summary>
internal sealed record WeightsAnnounced(string Job, long Version) : IClusterMessage;

/// <summary>A job was stopped early.</summary>
internal sealed record StoppingDecided(string Job, string Reason) : IClusterMessage;
