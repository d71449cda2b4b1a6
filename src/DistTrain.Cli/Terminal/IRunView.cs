using DistTrain.Core.Coordination;

namespace DistTrain.Cli.Terminal;

/// <summary>One way of showing a run. Disposing it leaves the terminal ready for the next line.</summary>
public interface IRunView : IRunObserver, IDisposable;
