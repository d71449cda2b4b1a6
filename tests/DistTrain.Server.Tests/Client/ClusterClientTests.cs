using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DistTrain.Api;
using DistTrain.Core;
using DistTrain.Server.Tests.Fixtures;

namespace DistTrain.Server.Tests.Client;

public sealed class ClusterClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Where_nobody_answers_the_fault_says_what_to_do()
    {
        Uri nobody = Unused();
        using var client = new ClusterClient(new ClusterClientOptions { Server = nobody });
        var fault = await Should.ThrowAsync<UserFaultException>(() => client.JobsAsync());
        fault.Message.ShouldBe(
            $"http://{nobody.Authority}: no coordinator answers there (connection refused); "
            + "start one with disttrain coordinator, "
            + "or name another with --server");
        await Should.ThrowAsync<UserFaultException>(() => All(client.WatchAsync("one", 0)));
    }

    [Fact]
    public async Task A_wrong_token_is_a_fault_that_names_where_to_give_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Cluster.Add("one");
        foreach (string? token in new[] { null, "wrong" })
        {
            using ClusterClient client = server.Client(options => options with { Token = token });
            foreach (Func<Task> call in new Func<Task>[]
            {
                () => client.JobsAsync(), () => client.StopAsync("one"), () => client.ResultAsync("one"),
                () => client.FileAsync("one", JobFile.Job), () => All(client.WatchAsync("one", 0)),
                () => client.SubmitAsync(new SubmitRequest("{}", "j", [])),
            })
            {
                string message = (await Should.ThrowAsync<UserFaultException>(call)).Message;
                message.ShouldContain("--token-file");
                message.ShouldContain("DISTTRAIN_TOKEN");
            }
        }
    }

    [Fact]
    public async Task A_coordinator_that_fails_is_a_fault_of_the_run()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Cluster.Failure = new RunFaultException("the disk is full");
        using ClusterClient client = server.Client();
        (await Should.ThrowAsync<RunFaultException>(() => client.ClusterAsync()))
            .Message.ShouldContain("the disk is full");
    }

    [Fact]
    public async Task A_number_of_workers_that_cannot_be_is_a_fault()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Cluster.Add("one");
        using ClusterClient client = server.Client();
        (await Should.ThrowAsync<UserFaultException>(() => client.ScaleAsync("one", 0)))
            .Message.ShouldContain("workers: 0");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("")]
    public async Task What_is_no_coordinator_is_a_fault_that_says_so(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, answer);
        using var client = new ClusterClient(
            new ClusterClientOptions { Server = new Uri($"http://{listener.LocalEndpoint}") });
        (await Should.ThrowAsync<UserFaultException>(() => client.JobAsync("one")))
            .Message.ShouldStartWith($"http://{listener.LocalEndpoint}: ");
        await serving;
    }

    [Fact]
    public async Task A_connection_cut_at_any_place_loses_no_event_and_doubles_none()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        FakeJob job = server.Cluster.Add("one");
        for (int i = 0; i < 20; i++)
        {
            job.TellNotice($"{i} größer {new string('x', i)}");
        }

        job.Finish();
        await using var proxy = new CuttingProxy(server.Server.Address, firstBytes: 400, moreBytes: 37);
        using ClusterClient client = server.Client(options => options with
        {
            Server = proxy.Address,
            FirstPause = TimeSpan.FromMilliseconds(1),
            LongestPause = TimeSpan.FromMilliseconds(2),
        });
        List<JobEvent> seen = await All(client.WatchAsync("one", 0));
        seen.Select(happened => happened.Sequence).ShouldBe(Enumerable.Range(1, 21).Select(i => (long)i));
        proxy.Connections.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task A_restarted_coordinator_is_found_again_and_the_outage_told_once()
    {
        var notices = new List<string>();
        RunningServer first = await RunningServer.StartAsync();
        FakeJob job = first.Cluster.Add("one");
        using ClusterClient client = first.Client(options => options with { Notice = notices.Add });
        await using IAsyncEnumerator<JobEvent> watcher = client.WatchAsync("one", 0).GetAsyncEnumerator();
        job.TellNotice("before");
        (await watcher.MoveNextAsync()).ShouldBeTrue();
        Task<bool> next = watcher.MoveNextAsync().AsTask();
        await first.DisposeAsync();
        job.TellNotice("meanwhile");
        await using RunningServer second = await RunningServer.StartAsync(
            first.Cluster, port: first.Server.Address.Port);
        (await next.WaitAsync(Patience)).ShouldBeTrue();
        watcher.Current.Notice.ShouldBe("meanwhile");
        job.Finish();
        (await watcher.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        watcher.Current.Sequence.ShouldBe(3);
        (await watcher.MoveNextAsync()).ShouldBeFalse();
        notices.Count.ShouldBe(2);
        notices[0].ShouldContain("the connection is lost");
        notices[1].ShouldContain("connected again");
    }

    [Fact]
    public async Task A_watcher_gives_up_when_the_coordinator_stays_away()
    {
        RunningServer server = await RunningServer.StartAsync();
        server.Cluster.Add("one").TellNotice("1");
        using ClusterClient client = server.Client(options => options with { GiveUpAfter = TimeSpan.Zero });
        await using IAsyncEnumerator<JobEvent> watcher = client.WatchAsync("one", 0).GetAsyncEnumerator();
        (await watcher.MoveNextAsync()).ShouldBeTrue();
        Task<bool> next = watcher.MoveNextAsync().AsTask();
        await server.DisposeAsync();
        (await Should.ThrowAsync<UserFaultException>(next.WaitAsync(Patience)))
            .Message.ShouldContain("no coordinator answers");
    }

    [Fact]
    public async Task A_connection_that_falls_silent_is_given_up_and_made_anew()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        FakeJob job = server.Cluster.Add("one");
        var notices = new List<string>();
        using ClusterClient client = server.Client(options => options with
        {
            LongestSilence = TimeSpan.FromMilliseconds(50), // the server's own comments come every 15 s
            Notice = notice =>
            {
                notices.Add(notice);
                if (notices.Count == 4)
                {
                    job.Finish();
                }
            },
        });
        (await All(client.WatchAsync("one", 0))).ShouldHaveSingleItem().Result.ShouldNotBeNull();
        notices[0].ShouldContain("nothing heard");
    }

    [Fact]
    public async Task Over_TLS_a_server_is_trusted_by_its_authority_and_by_no_other()
    {
        using var folder = new TemporaryCertificates();
        await using RunningServer server = await RunningServer.StartAsync(change: options => options with
        {
            CertificateFile = folder.CertificateFile,
            KeyFile = folder.KeyFile,
        });
        server.Server.Address.Scheme.ShouldBe("https");
        using ClusterClient trusting = server.Client(options => options with { CaFile = folder.CertificateFile });
        (await trusting.ClusterAsync()).Id.ShouldBe("c1");
        using ClusterClient doubting = server.Client();
        (await Should.ThrowAsync<UserFaultException>(() => doubting.ClusterAsync()))
            .Message.ShouldContain("--tls-ca");
        (await Should.ThrowAsync<UserFaultException>(RunningServer.StartAsync(change: options => options with
        {
            CertificateFile = folder.KeyFile,
            KeyFile = folder.KeyFile,
        }))).Message.ShouldContain("--tls-cert");
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("localhost:80")]
    public void An_address_that_is_no_web_address_is_a_fault(string server)
        => Should.Throw<UserFaultException>(
            () => new ClusterClient(new ClusterClientOptions { Server = new Uri(server, UriKind.RelativeOrAbsolute) }))
            .Message.ShouldContain("--server");

    private static Uri Unused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}");
    }

    private static async Task ServeAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        _ = await client.GetStream().ReadAsync(new byte[4096]);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
    }

    private static async Task<List<JobEvent>> All(IAsyncEnumerable<JobEvent> events)
    {
        var all = new List<JobEvent>();
        using var patience = new CancellationTokenSource(Patience);
        await foreach (JobEvent happened in events.WithCancellation(patience.Token))
        {
            all.Add(happened);
        }

        return all;
    }

    /// <summary>A certificate for this machine that is its own authority.</summary>
    private sealed class TemporaryCertificates : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("disttrain-tls-").FullName;

        public TemporaryCertificates()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            using X509Certificate2 certificate = request.CreateSelfSigned(
                DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
            File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        }

        public string CertificateFile => Path.Combine(_folder, "server.crt");

        public string KeyFile => Path.Combine(_folder, "server.key");

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
