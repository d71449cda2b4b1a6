namespace DistTrain.Cluster.Tests.Store;

/// <summary>A folder of a test's own, gone after it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string RootPath { get; } = Directory.CreateTempSubdirectory("disttrain-store-").FullName;

    public string PathOf(string name) => Path.Combine(RootPath, name);

    public void Dispose() => Directory.Delete(RootPath, recursive: true);
}

/// <summary>A clock that the test sets.</summary>
public sealed class SetClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
