using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;

namespace DistTrain.Core.Tests.Simulation.Model;

/// <summary>Weights on their way to a worker: they arrive whole or not at all.</summary>
internal sealed record WeightsPayload(RunId Run, long Version, float[] Weights) : IMessage;

/// <summary>A subtree's gradient with the message that announces it; the receiver owns its copy.</summary>
internal sealed record GradientPayload(RunId Run, SubtreeReady Ready, float[] Gradient) : IMessage;
