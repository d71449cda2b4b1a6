namespace DistTrain.Runs.Reports;

/// <summary>
/// The page's style sheet: one set of rules, two sets of colours, chosen by the reader's system.
/// </summary>
internal static class ReportStyle
{
    public const string Css = """
        :root { color-scheme: light dark;
          --page:#f6f7f9; --card:#fff; --ink:#1b2330; --soft:#5d6878; --rule:#e1e5eb; --grid:#edf0f4;
          --train:#2466d6; --valid:#c8570a; --rate:#0a7d6c; --good:#127a45; --warn:#a15c00; --bad:#b3261e; }
        @media (prefers-color-scheme: dark) { :root {
          --page:#0f141b; --card:#171e28; --ink:#e6ebf2; --soft:#98a5b7; --rule:#2a3443; --grid:#232c39;
          --train:#6ea8ff; --valid:#ffa657; --rate:#4fd1b5; --good:#5bd68f; --warn:#f0b352; --bad:#ff8f86; } }
        * { box-sizing:border-box; }
        body { margin:0; background:var(--page); color:var(--ink);
          font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif; }
        main { max-width:1040px; margin:0 auto; padding:32px 20px 48px; }
        h1 { font-size:28px; line-height:1.2; margin:0; overflow-wrap:anywhere; }
        h2 { font-size:16px; margin:0 0 10px; }
        header { display:flex; flex-wrap:wrap; align-items:center; gap:6px 14px; margin-bottom:20px; }
        header p { flex-basis:100%; margin:0; color:var(--soft); }
        .pill { font-size:13px; font-weight:600; padding:2px 11px; border-radius:99px;
          border:1px solid currentColor; }
        .good { color:var(--good); } .warn { color:var(--warn); } .bad { color:var(--bad); }
        section, .tile { background:var(--card); border:1px solid var(--rule); border-radius:12px; }
        section { padding:18px 20px; margin-top:16px; min-width:0; }
        .tiles { display:grid; grid-template-columns:repeat(auto-fit,minmax(165px,1fr)); gap:12px; }
        .tile { padding:12px 16px; }
        .tile b { display:block; font-size:23px; line-height:1.3; font-weight:650;
          font-variant-numeric:tabular-nums; }
        .tile span, .tile small { color:var(--soft); font-size:13px; display:block; }
        .verdict { border-left:4px solid currentColor; }
        .verdict > * { color:var(--ink); } .verdict h2 { color:inherit; font-size:19px; margin-bottom:4px; }
        .verdict p { margin:0 0 12px; max-width:75ch; } .verdict > :last-child { margin-bottom:0; }
        .columns { display:grid; grid-template-columns:repeat(auto-fit,minmax(320px,1fr)); gap:8px 36px; }
        .columns h3 { font-size:13px; color:var(--soft); font-weight:600; margin:0 0 4px; }
        dl { margin:0; } dl div { display:flex; justify-content:space-between; gap:16px; padding:4px 0;
          border-top:1px solid var(--grid); }
        dt { color:var(--soft); } dd { margin:0; text-align:right; white-space:nowrap;
          font-variant-numeric:tabular-nums; }
        ul { margin:0; padding-left:18px; }
        .pair { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr)); gap:16px;
          margin-top:16px; }
        .pair section { margin:0; }
        figcaption { display:flex; flex-wrap:wrap; gap:2px 18px; align-items:baseline; margin-bottom:6px; }
        figcaption h2 { margin:0 auto 0 0; } figure { margin:0; overflow-x:auto; }
        .wide svg { min-width:680px; }
        .key { font-size:13px; color:var(--soft); white-space:nowrap; }
        .key::before { content:""; display:inline-block; width:18px; height:3px; margin-right:6px;
          border-radius:2px;
          vertical-align:middle; background:currentColor; }
        .key.train::before { background:var(--train); } .key.valid::before { background:var(--valid); }
        .key.rate::before { background:var(--rate); }
        .key.step::before { background:var(--train); opacity:.38; }
        .text { margin:0; max-width:75ch; }
        .note { font-size:13px; color:var(--soft); margin:6px 0 0; }
        svg { display:block; width:100%; height:auto; }
        svg text { font-size:12px; fill:var(--soft); font-variant-numeric:tabular-nums; }
        .mid { text-anchor:middle; } .end { text-anchor:end; } .start { text-anchor:start; }
        .grid { stroke:var(--grid); } .axis { stroke:var(--soft); stroke-opacity:.6; }
        .marker { stroke:var(--good); stroke-dasharray:4 4; }
        svg text.mark { fill:var(--good); font-weight:600; }
        .line { fill:none; stroke-width:2; stroke-linejoin:round; stroke-linecap:round; }
        .line.train { stroke:var(--train); } .line.valid { stroke:var(--valid); }
        .line.rate { stroke:var(--rate); }
        .line.step { stroke:var(--train); stroke-width:1; stroke-opacity:.32; }
        .dot { stroke:var(--card); stroke-width:1.2; }
        .dot.train { fill:var(--train); } .dot.valid { fill:var(--valid); }
        .dot.rate { fill:var(--rate); }
        .scroll { overflow:auto; max-height:520px; }
        table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums; }
        th, td { text-align:right; padding:5px 10px; border-top:1px solid var(--grid); white-space:nowrap; }
        th { color:var(--soft); font-size:13px; font-weight:600; position:sticky; top:0;
          background:var(--card); border:0; }
        tr.best td { font-weight:650; background:color-mix(in srgb, var(--good) 10%, transparent); }
        pre { margin:0; overflow:auto;
          font:13px/1.45 ui-monospace,"Cascadia Code","DejaVu Sans Mono",monospace; }
        summary { cursor:pointer; font-weight:600; } details[open] summary { margin-bottom:10px; }
        footer { color:var(--soft); font-size:13px; margin-top:20px; overflow-wrap:anywhere; }
        """;
}
