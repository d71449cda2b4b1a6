namespace DistTrain.Compare.ControlPlane;

/// <summary>Stands in for Akka.NET in a build without it.</summary>
internal static class AkkaEnds
{
    public static bool AreThere => false;

    public static Task<LinkEnds> LinkAsync() => throw new InvalidOperationException("no Akka.NET");

    public static HostEnds Host() => throw new InvalidOperationException("no Akka.NET");
}
