namespace DistTrain.Runs.Timeline;

/// <summary>The colours of <see cref="TimelinePicture"/>, made of those of a report's page.</summary>
public static class TimelineStyle
{
    /// <summary>For a page that has the report's own style sheet.</summary>
    public const string Css = """
        .slice.shard { fill:var(--train); } .slice.sum { fill:var(--rate); }
        .slice.exchange { fill:var(--valid); fill-opacity:.75; }
        .slice.waiting { fill:var(--soft); fill-opacity:.16; }
        .slice.reduce, .slice.update { fill:var(--good); } .slice.update { fill-opacity:.6; }
        .slice.evaluation { fill:var(--warn); } .slice.checkpoint { fill:var(--bad); }
        .slice.shard { stroke:var(--card); stroke-width:.6; }
        .border { stroke:var(--rule); }
        """;

    /// <summary>What a picture that stands alone needs besides.</summary>
    internal const string Alone = """
        svg { --card:#fff; --soft:#5d6878; --rule:#e1e5eb; --grid:#edf0f4; --train:#2466d6;
          --valid:#c8570a; --rate:#0a7d6c; --good:#127a45; --warn:#a15c00; --bad:#b3261e;
          font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif; }
        @media (prefers-color-scheme: dark) { svg { --card:#171e28; --soft:#98a5b7; --rule:#2a3443;
          --grid:#232c39; --train:#6ea8ff; --valid:#ffa657; --rate:#4fd1b5; --good:#5bd68f;
          --warn:#f0b352; --bad:#ff8f86; } }
        .page { fill:var(--card); } text { fill:var(--soft); }
        .mid { text-anchor:middle; } .end { text-anchor:end; }
        .grid { stroke:var(--grid); } .axis { stroke:var(--soft); stroke-opacity:.6; }

        """;
}
