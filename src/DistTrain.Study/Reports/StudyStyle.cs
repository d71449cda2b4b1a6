namespace DistTrain.Study.Reports;

/// <summary>
/// The page's style sheet: one set of rules; light and dark colours by the reader's system; light for print.
/// </summary>
internal static class StudyStyle
{
    public const string Css = """
        :root { color-scheme: light dark;
          --page:#f6f7f9; --card:#fff; --ink:#1b2330; --soft:#566172; --rule:#dfe3ea; --grid:#e9edf2;
          --good:#127a45; --warn:#9a5600; --bad:#b3261e; --link:#1c5bc4; --neutral:#7d8896;
          --c0:#2466d6; --c1:#c8570a; --c2:#0a7d6c; --c3:#9b3fb5; --c4:#b3261e; --c5:#7a6a00; --c6:#0b7fa5;
          --c7:#a8386b; }
        @media (prefers-color-scheme: dark) { :root {
          --page:#0f141b; --card:#171e28; --ink:#e6ebf2; --soft:#9dabbd; --rule:#2a3443; --grid:#26303e;
          --good:#5bd68f; --warn:#f0b352; --bad:#ff8f86; --link:#7fb2ff; --neutral:#8391a3;
          --c0:#6ea8ff; --c1:#ffa657; --c2:#4fd1b5; --c3:#d695ec; --c4:#ff8f86; --c5:#d9c64a; --c6:#62c8ea;
          --c7:#f29ac1; } }
        * { box-sizing:border-box; }
        body { margin:0; background:var(--page); color:var(--ink);
          font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif; }
        main { max-width:1040px; margin:0 auto; padding:32px 20px 56px; }
        h1 { font-size:30px; line-height:1.2; margin:0; overflow-wrap:anywhere; }
        h2 { font-size:20px; line-height:1.3; margin:0 0 8px; overflow-wrap:anywhere; }
        h2.workload { font-size:24px; margin:40px 0 0; }
        .eyebrow { margin:0 0 2px; font-size:13px; font-weight:600; color:var(--soft); }
        .lead { font-size:18px; margin:6px 0 0; max-width:70ch; }
        .facts { color:var(--soft); margin:6px 0 0; overflow-wrap:anywhere; }
        section { background:var(--card); border:1px solid var(--rule); border-radius:12px;
          padding:20px 22px; margin-top:18px; min-width:0; }
        section > p { max-width:75ch; margin:8px 0; } .answer { font-size:17px; overflow-wrap:anywhere; }
        section > .eyebrow { margin:0 0 2px; }
        .how { color:var(--soft); font-size:14px; } .how b { color:var(--ink); }
        .lacking { border-style:dashed; } .lacking .answer { color:var(--soft); }
        .advice { border-left:5px solid currentColor; } .advice > * { color:var(--ink); }
        .advice > .eyebrow { color:inherit; } .advice h2 { font-size:24px; }
        .advice.good { color:var(--good); } .advice.warn { color:var(--warn); }
        .advice.bad { color:var(--bad); }
        .thin { border-left:3px solid var(--warn); padding:2px 0 2px 14px; margin:14px 0; max-width:75ch; }
        .thin p { margin:0; } .thin ul { margin:2px 0 0; padding-left:20px; }
        .tiles { display:grid; grid-template-columns:repeat(auto-fit,minmax(140px,1fr)); gap:10px;
          margin:14px 0; }
        .tile { border:1px solid var(--rule); border-radius:10px; padding:9px 14px; min-width:0; }
        .tile b { display:block; font-size:22px; line-height:1.3; font-variant-numeric:tabular-nums; }
        .tile span, .tile small { color:var(--soft); font-size:13px; display:block; overflow-wrap:anywhere; }
        nav { margin-top:18px; } nav ul { list-style:none; display:flex; flex-wrap:wrap; gap:4px 18px;
          margin:0; padding:0 4px; font-size:14px; }
        a { color:var(--link); } a:focus-visible, summary:focus-visible, [tabindex]:focus-visible {
          outline:2px solid var(--link); outline-offset:2px; }
        figure { margin:14px 0 4px; min-width:0; } .plot { overflow-x:auto; }
        figcaption { font-size:14px; } .wide .plot svg { min-width:680px; }
        .narrow .plot svg { min-width:400px; }
        .legend { list-style:none; display:flex; flex-wrap:wrap; gap:0 16px; margin:2px 0 6px; padding:0;
          font-size:13px; color:var(--soft); }
        .legend li { display:inline-flex; align-items:center; gap:6px; overflow-wrap:anywhere; }
        .sign { width:30px; height:12px; flex:none; }
        .pair { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));
          gap:0 24px; align-items:end; }
        .plot svg { display:block; width:100%; height:auto; }
        svg text { font-size:12px; fill:var(--soft); font-variant-numeric:tabular-nums; }
        .mid { text-anchor:middle; } .end { text-anchor:end; } .start { text-anchor:start; }
        .grid { stroke:var(--grid); } .axis { stroke:var(--soft); stroke-opacity:.6; }
        .marker { stroke:var(--soft); stroke-dasharray:2 4; } svg text.mark { fill:var(--ink); }
        .line { fill:none; stroke-width:2; stroke-linejoin:round; stroke-linecap:round; }
        .dashed { stroke-dasharray:6 5; } .line.neutral { stroke-width:1.4; }
        .bar { fill:none; stroke-width:1.3; stroke-opacity:.75; }
        .shape { stroke:var(--card); stroke-width:1.2; } .hollow { stroke-width:1.8; }
        .cross { fill:none; stroke-width:2; stroke-linecap:round; }
        .line, .bar, .hollow, .cross { stroke:var(--hue); } .shape { fill:var(--hue); }
        .hollow { fill:var(--card); }
        .h0 { --hue:var(--c0); } .h1 { --hue:var(--c1); } .h2 { --hue:var(--c2); } .h3 { --hue:var(--c3); }
        .h4 { --hue:var(--c4); } .h5 { --hue:var(--c5); } .h6 { --hue:var(--c6); } .h7 { --hue:var(--c7); }
        .neutral { --hue:var(--neutral); }
        details { margin:10px 0; } summary { cursor:pointer; font-weight:600; font-size:14px; }
        .scroll { overflow:auto; max-height:560px; margin-top:6px; }
        table { border-collapse:collapse; width:100%; font-size:14px; font-variant-numeric:tabular-nums; }
        th, td { text-align:right; padding:4px 10px; border-top:1px solid var(--grid); white-space:nowrap; }
        th:first-child { text-align:left; padding-left:0; } tbody th { font-weight:400; }
        thead th { color:var(--soft); font-weight:600; white-space:normal; position:sticky; top:0;
          background:var(--card);
          border:0; vertical-align:bottom; }
        tr.bad > * { color:var(--bad); }
        dl { margin:0; max-width:80ch; } dt { font-weight:600; margin-top:8px; } dd { margin:0; }
        pre { margin:8px 0; overflow:auto; padding:10px 12px; border:1px solid var(--rule); border-radius:8px;
          white-space:pre-wrap; overflow-wrap:anywhere; }
        pre, code { font:13px/1.5 ui-monospace,"Cascadia Code","DejaVu Sans Mono",monospace;
          overflow-wrap:anywhere; }
        @media (max-width:560px) { main { padding:20px 10px 40px; } section { padding:16px 14px; } }
        @media print { :root { color-scheme:light; --page:#fff; --card:#fff; --ink:#000; --soft:#444;
            --rule:#ccc; --grid:#ddd; --good:#127a45; --warn:#9a5600; --bad:#b3261e; --neutral:#777;
            --c0:#2466d6; --c1:#c8570a; --c2:#0a7d6c; --c3:#9b3fb5; --c4:#b3261e; --c5:#7a6a00; --c6:#0b7fa5;
            --c7:#a8386b; }
          main { max-width:none; padding:0; } nav { display:none; }
          details::details-content { content-visibility:visible; }
          .scroll { max-height:none; overflow:visible; }
          figure, .tiles, .thin, tr { break-inside:avoid; } h2, .eyebrow { break-after:avoid; }
          table { font-size:9px; } th, td { padding:2px 4px; white-space:normal; }
          thead th { position:static; } .plot svg { min-width:0; } }
        """;
}
