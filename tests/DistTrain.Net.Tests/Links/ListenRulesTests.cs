using System.Net;
using DistTrain.Core;
using DistTrain.Net.Links;

namespace DistTrain.Net.Tests.Links;

public sealed class ListenRulesTests
{
    [Theory]
    [InlineData("127.0.0.1:1", null, false)]
    [InlineData("[::1]:1", null, false)]
    [InlineData("[::ffff:127.0.0.1]:1", null, false)]
    [InlineData("0.0.0.0:1", "secret", false)]
    [InlineData("0.0.0.0:1", null, true)]
    public void A_port_may_be_opened(string endpoint, string? token, bool insecure)
        => ListenRules.Check(IPEndPoint.Parse(endpoint), token, insecure);

    [Theory]
    [InlineData("0.0.0.0:1", null)]
    [InlineData("[::]:1", null)]
    [InlineData("10.0.0.3:1", null)]
    [InlineData("127.0.0.1:1", "")]
    [InlineData("127.0.0.1:1", "  ")]
    public void A_port_may_not_be_opened(string endpoint, string? token)
    {
        var fault = Should.Throw<UserFaultException>(
            () => ListenRules.Check(IPEndPoint.Parse(endpoint), token, insecure: false));
        fault.Message.ShouldNotContain("\n");
        fault.Message.ShouldContain("token");
    }
}
