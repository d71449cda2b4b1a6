namespace DistTrain.Build;

/// <summary>
/// Containers on a plain Debian machine that need not reach an image registry: podman and buildah from apt,
/// and base images made by debootstrap and of the .NET SDK that runs this program. The Dockerfile is told of
/// them by its build arguments and is otherwise the one that everybody uses.
/// </summary>
internal static class Podman
{
    private const string Base = "localhost/disttrain-base:bookworm";

    /// <summary>Debian's Prometheus in the form of the image that compose.yaml names.</summary>
    public const string Prometheus = "localhost/disttrain-prometheus:debian";

    private static readonly string Sdk =
        $"localhost/disttrain-sdk:{Tool.Ask("dotnet", "--version")?.Trim() ?? "10.0"}";

    private static readonly string[] Packages =
    [
        "podman", "buildah", "runc", "netavark", "aardvark-dns", "iptables", "debootstrap", "podman-compose",
    ];

    private static readonly string Folder = Repository.PathOf("artifacts/containers");

    /// <summary>Buildah without namespaces of its own, which nested machines do not give.</summary>
    private static readonly string[] Build =
    [
        "--runtime", "runc", "bud", "--isolation", "chroot", "--ulimit", "nofile=1024:1024",
        "--format", "docker", "--layers",
    ];

    /// <summary>Installs what is missing and sees to the base images.</summary>
    public static void Prepare()
    {
        Setup.Install(Packages);
        WriteConfiguration();
        if (Tool.Ask("podman", "image", "exists", Base) is null)
        {
            MakeBase();
        }

        if (Tool.Ask("podman", "image", "exists", Sdk) is null)
        {
            MakeSdk();
        }

        if (Tool.Ask("podman", "image", "exists", Prometheus) is null)
        {
            MakePrometheus();
        }
    }

    /// <summary>Whether a container can be started here at all; a machine may forbid what it needs.</summary>
    public static bool Works() => Tool.Ask("podman", "run", "--rm", Base, "true") is not null;

    public static void BuildImage(string name) => Tool.Run("image", "buildah",
    [
        .. Build, "--build-arg", $"BASE_IMAGE={Base}", "--build-arg", $"SDK_IMAGE={Sdk}",
        "-f", "docker/Dockerfile", "--target", "cpu", "-t", name, ".",
    ]);

    /// <summary>runc, for crun refuses a mix of cgroups; limits that a nested machine may set.</summary>
    private static void WriteConfiguration()
    {
        const string Text = """
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
            [engine]
            runtime = "runc"
            [network]
            network_backend = "netavark"

            """;
        Directory.CreateDirectory(Folder);
        string file = Path.Combine(Folder, "containers.conf");
        File.WriteAllText(file, Text);
        Environment.SetEnvironmentVariable("CONTAINERS_CONF", file);
    }

    /// <summary>What debian:bookworm-slim is: a Debian without manuals, translations and lists.</summary>
    private static void MakeBase()
    {
        const string Slim = """
            set -e
            rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/*
            rm -rf "$1"/usr/share/man/* "$1"/usr/share/info/* "$1"/usr/share/locale/*
            find "$1"/usr/share/doc -type f ! -name copyright -delete
            tar -C "$1" -c . | podman import -q - "$2"
            rm -rf "$1"
            """;
        string root = Path.Combine(Folder, "base");
        if (Directory.Exists(root))
        {
            Tool.Run("base image: clear", "rm", ["-rf", root]);
        }

        Tool.Run("base image: debootstrap", "debootstrap",
            ["--variant=minbase", "bookworm", root, "http://deb.debian.org/debian"]);
        Tool.Run("base image: import", "sh", ["-c", Slim, "sh", root, Base]);
    }

    /// <summary>The base with this machine's SDK, and the authorities that this machine trusts.</summary>
    private static void MakeSdk()
    {
        string text = $"""
            FROM {Base}
            RUN apt-get -q update && apt-get -q install -y --no-install-recommends libssl3 libstdc++6
            ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 NUGET_CERT_REVOCATION_MODE=offline
            ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
            RUN mkdir -p /etc/ssl/certs && ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet
            COPY ca-certificates.crt /etc/ssl/certs/
            COPY dotnet /usr/share/dotnet
            """;
        const string Fill = """
            set -e
            cp -a "$(dirname "$(readlink -f "$(command -v dotnet)")")" "$1/dotnet"
            cp -L "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$1/ca-certificates.crt"
            """;
        BuildFrom(text, "SDK image", Sdk, context =>
            Tool.Run("SDK image: collect", "sh", ["-c", Fill, "sh", context]));
    }

    /// <summary>Its data belong to nobody, whose group may write there, as in the public image.</summary>
    private static void MakePrometheus()
    {
        string text = $"""
            FROM {Base}
            RUN apt-get -q update && apt-get -q install -y --no-install-recommends prometheus \
             && rm -rf /var/lib/apt/lists/* \
             && mkdir /prometheus && chown 65534:65534 /prometheus && chmod 775 /prometheus
            ENTRYPOINT ["/bin/prometheus"]
            """;
        BuildFrom(text, "Prometheus image", Prometheus, _ => { });
    }

    /// <summary>Builds a Dockerfile in a folder that is filled for it, and gone afterwards.</summary>
    private static void BuildFrom(string text, string step, string name, Action<string> fill)
    {
        string context = Directory.CreateDirectory(Path.Combine(Folder, "context")).FullName;
        File.WriteAllText(Path.Combine(context, "Dockerfile"), text);
        fill(context);
        Tool.Run($"{step}: build", "buildah", [.. Build, "-t", name, context]);
        Directory.Delete(context, recursive: true);
    }
}
