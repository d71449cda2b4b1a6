using System.Net;
using DistTrain.Core;

namespace DistTrain.Net.Links;

/// <summary>What a port may be opened for.</summary>
public static class ListenRules
{
    /// <summary>
    /// Whoever reaches the port of a cluster without a token can take part in it. On the loopback that is who
    /// can log in to the machine; anywhere else it has to be said that this is wanted.
    /// </summary>
    /// <param name="endpoint">Where to listen.</param>
    /// <param name="token">null: none.</param>
    /// <param name="insecure">It was said that no token is wanted.</param>
    /// <exception cref="UserFaultException">Not without a token, or with one that is none.</exception>
    public static void Check(IPEndPoint endpoint, string? token, bool insecure)
    {
        if (token is not null && string.IsNullOrWhiteSpace(token))
        {
            throw new UserFaultException("the token is empty: give one of at least a few random characters");
        }
        if (token is null && !insecure && !IsLoopback(endpoint.Address))
        {
            throw new UserFaultException(
                $"listening on {endpoint} without a token would let anyone on the network take part: give "
                + "--token-file, listen on 127.0.0.1, or say --insecure");
        }
    }

    private static bool IsLoopback(IPAddress address)
        => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
