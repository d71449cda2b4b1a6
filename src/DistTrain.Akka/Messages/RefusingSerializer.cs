using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace DistTrain.Akka.Messages;

/// <summary>
/// Stands where Akka.NET has JSON for whatever has no serializer of its own. That would be slow for bytes,
/// and it makes objects of any type a stranger names; so nothing goes or comes that way.
/// </summary>
public sealed class RefusingSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <summary>As Akka.NET makes a serializer that it has settings for.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Config settings) : this(system)
    {
    }

    /// <summary>That of the JSON serializer, so that what comes for it ends here.</summary>
    public override int Identifier => 1;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj)
        => throw new SerializationException($"{obj.GetType()} has no serializer and does not travel");

    public override object FromBinary(byte[] bytes, Type type)
        => throw new SerializationException($"{type} has no serializer and is not taken");
}
