namespace DistTrain.Cli.Nodes;

/// <summary>Who may read a node's /metrics.</summary>
internal enum MetricsAccess
{
    /// <summary>Who has the token; everybody where the node has none.</summary>
    Token,

    /// <summary>Everybody who reaches the port.</summary>
    Open,

    /// <summary>Nobody: nothing is measured for scrapes.</summary>
    Off,
}
