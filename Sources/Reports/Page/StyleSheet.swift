/// The look of a page: colours by meaning in light and dark, type, figures, tables, print.
package enum StyleSheet {
  package static let text = #"""

    :root {
      --paper: #fefefc; --ink: #1d2025; --muted: #5b626d; --line: #c9cdd3; --grid: #eceef0;
      --tint: #f4f4f0; --data: #1f5a96; --answer: #c0440a;
      --scale-0: #571a82; --scale-1: #3157bd; --scale-2: #0c86ac; --scale-3: #2a9e57; --scale-4: #b99a00;
      --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
      --serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", Cambria, Georgia, "Liberation Serif", serif;
      color-scheme: light;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root:not([data-printing]) {
        --paper: #15181c; --ink: #e9e7e2; --muted: #a4abb5; --line: #454c56; --grid: #272c33;
        --tint: #1d2126; --data: #74b4ef; --answer: #ff9b55;
        --scale-0: #8c78d8; --scale-1: #5f98dc; --scale-2: #3fb8bb; --scale-3: #74d48d; --scale-4: #e8e45c;
        color-scheme: dark;
      }
    }
    * { box-sizing: border-box; }
    html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
    @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 1.0625rem/1.6 var(--serif); font-variant-numeric: lining-nums;
    }
    main, footer { max-width: 72rem; margin: 0 auto; padding: 0 clamp(1.1rem, 5vw, 3.5rem); }
    section { margin: 4.5rem 0; }
    p, h1, h2, h3, .warnings, .recipe { max-width: 43rem; }
    h1 { font-size: clamp(1.7rem, 4.4vw, 2.5rem); line-height: 1.22; font-weight: 400; letter-spacing: -0.012em; margin: 0.4rem 0 2.2rem; }
    h1 strong { display: block; color: var(--answer); font-size: clamp(3.4rem, 11vw, 6rem); line-height: 1.1; font-weight: 500; letter-spacing: -0.03em; margin-top: 0.6rem; }
    h2 { font-size: 1.55rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.01em; margin: 0 0 1rem; }
    h3 { font: 600 1rem/1.4 var(--sans); margin: 2.4rem 0 0.4rem; }
    a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 0.2em; }
    a:hover { text-decoration-color: currentColor; }
    :focus-visible { outline: 2px solid var(--answer); outline-offset: 3px; border-radius: 2px; }
    code { font: 0.86em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
    .skip { position: absolute; left: -99rem; }
    .skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--paper); }
    header { padding-top: clamp(2.5rem, 7vw, 5.5rem); }
    .kicker { font: 600 0.8rem/1 var(--sans); letter-spacing: 0.09em; text-transform: uppercase; color: var(--muted); margin: 0; }
    .aside { font: 0.94rem/1.55 var(--sans); color: var(--muted); border-left: 3px solid var(--line); padding-left: 1rem; margin: 2rem 0; }

    .strip { position: relative; height: 3.4rem; max-width: 60rem; border-bottom: 1px solid var(--line); margin-bottom: 2.1rem; }
    .strip i { position: absolute; }
    .strip .tried, .key .tried { background: var(--line); height: 6px; }
    .strip .tried { bottom: 0; opacity: 0.75; }
    .strip .interval, .key .interval { background: var(--answer); opacity: 0.28; }
    .strip .interval { bottom: 0; height: 1.7rem; border-radius: 3px 3px 0 0; }
    .strip .use { bottom: 0; width: 3px; margin-left: -1.5px; height: 2.7rem; background: var(--answer); }
    .strip .use::before { content: ""; position: absolute; left: -4.5px; top: -6px; width: 12px; height: 12px; background: var(--answer); transform: rotate(45deg); }
    .strip span { position: absolute; top: calc(100% + 0.45rem); transform: translateX(-50%); white-space: nowrap; font: 0.8rem/1 var(--sans); color: var(--muted); }
    .strip span::before { content: ""; position: absolute; left: 50%; bottom: calc(100% + 1px); height: 0.35rem; border-left: 1px solid var(--line); }
    .key { font: 0.82rem/1.5 var(--sans); color: var(--muted); display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; margin: 0 0 2.4rem; max-width: none; }
    .key i { display: inline-block; width: 1.5rem; height: 10px; margin-right: 0.5rem; }
    .key .use { width: 10px; background: var(--answer); transform: rotate(45deg) scale(0.85); }

    .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr)); gap: 1.4rem 2.2rem; margin: 0; max-width: 66rem; }
    .facts div { border-top: 1px solid var(--line); padding-top: 0.7rem; }
    .facts dt { font: 0.84rem/1.3 var(--sans); color: var(--muted); }
    .facts dd { margin: 0.3rem 0 0; }
    .facts b { display: block; font-size: 1.28rem; line-height: 1.3; font-weight: 500; }
    .facts span { font: 0.84rem/1.45 var(--sans); color: var(--muted); }

    .warnings { list-style: none; margin: 0; padding: 0; }
    .warnings li { border-left: 3px solid var(--answer); padding: 0.1rem 0 0.1rem 1rem; margin: 0 0 1.3rem; overflow-wrap: anywhere; }
    .warnings p { margin: 0; }
    .warnings code { color: var(--muted); }

    nav { font: 0.94rem/1.5 var(--sans); border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); padding: 0.9rem 0; margin-top: 3.5rem; }
    nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.3rem 1.8rem; margin: 0; padding: 0; }

    figure { margin: 0; }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.15rem; margin: 0 0 1.2rem; padding: 0; font: 0.84rem/1.5 var(--sans); color: var(--muted); }
    .legend li { display: flex; align-items: center; gap: 0.45rem; }
    .mark { display: inline-block; flex: none; width: 11px; height: 11px; }
    .mark.dot { border-radius: 50%; background: currentColor; }
    .mark.diamond { background: currentColor; transform: rotate(45deg) scale(0.86); }
    .mark.line { width: 22px; height: 0; border-top: 3px solid; }
    .mark.thin-line { width: 22px; height: 0; border-top: 1px solid; }
    .mark.hollow { border-radius: 50%; border: 2px solid; }
    .mark.dashed { width: 22px; height: 0; border-top: 2px dashed; }
    .mark.dotted { width: 22px; height: 0; border-top: 2px dotted; }
    .mark.band { width: 22px; background: currentColor; opacity: 0.2; }
    .mark.rule { width: 0; height: 14px; border-left: 2px solid; margin: 0 4px; }
    .mark.dashed-rule { width: 0; height: 14px; border-left: 2px dashed; margin: 0 4px; }
    .mark.none { display: none; }
    .mark.tick { height: 0; border-top: 1.5px solid; }
    .mark.cross { clip-path: polygon(12% 0, 50% 38%, 88% 0, 100% 12%, 62% 50%, 100% 88%, 88% 100%, 50% 62%, 12% 100%, 0 88%, 38% 50%, 0 12%); background: currentColor; }
    .mark.triangle { clip-path: polygon(50% 4%, 100% 96%, 0 96%, 50% 4%, 50% 32%, 22% 82%, 78% 82%, 50% 32%); background: currentColor; }
    .plot { width: 100%; height: 26rem; }
    .plot[style] { height: calc(6.5rem + 3.6rem * var(--rows)); }
    .single .plots { max-width: 54rem; }
    .pair .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 2.2rem 2.6rem; }
    .grid .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 14.5rem), 1fr)); gap: 1.7rem 1.5rem; }
    .grid .plot { height: 11.5rem; }
    .panels .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18.5rem), 1fr)); gap: 1.9rem 1.6rem; }
    .panels .plot { height: 20rem; }
    .box { min-width: 0; display: flex; flex-direction: column; }
    .grid .box figcaption { flex: 1; }
    .box figcaption { font: 0.82rem/1.4 var(--sans); margin-bottom: 0.35rem; }
    .box figcaption b { display: block; font-weight: 600; }
    .box figcaption span { color: var(--muted); }
    .pair .legend { flex: 1; align-content: flex-start; }
    .pair .box figcaption { font-size: 0.98rem; }
    .caption { max-width: 43rem; margin-top: 1.3rem; font: 0.94rem/1.6 var(--sans); color: var(--muted); }

    .remark { margin: 0.9rem 0 0; }
    .caption + .remark, figure + .remark { margin-top: 1.3rem; }
    .behind { margin-top: 1.2rem; font: 0.9rem/1.5 var(--sans); }
    .behind summary { cursor: pointer; width: max-content; max-width: 100%; color: var(--muted); }
    .behind summary:hover { color: var(--ink); }
    .download { margin: 0.8rem 0; }
    .download span { color: var(--muted); }
    .scroll { overflow: auto; max-width: 100%; }
    .behind .scroll { max-height: 28rem; border-bottom: 1px solid var(--line); }
    table { border-collapse: collapse; font: 0.87rem/1.45 var(--sans); font-variant-numeric: tabular-nums lining-nums; }
    caption { text-align: left; color: var(--muted); padding: 0 0 0.5rem; }
    th, td { text-align: left; font-weight: 400; padding: 0.3rem 1.5rem 0.3rem 0; border-bottom: 1px solid var(--grid); vertical-align: baseline; white-space: nowrap; }
    thead th { color: var(--muted); position: sticky; top: 0; background: var(--paper); border-bottom: 1px solid var(--line); white-space: normal; min-width: 5.5rem; vertical-align: bottom; }
    td.n { font-variant-numeric: tabular-nums; }

    .formula { margin: 0 0 1.3rem; font-size: 1.3rem; line-height: 1.7; max-width: none; }
    .formula .label { display: block; font: 0.84rem/1.3 var(--sans); color: var(--muted); }
    .formula .factor { white-space: nowrap; }
    .formula sup { font-size: 0.68em; line-height: 0; }
    .recipe { margin: 0.6rem 0 0; font: 0.92rem/1.5 var(--sans); }
    .recipe div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1rem; padding: 0.35rem 0; border-bottom: 1px solid var(--grid); }
    .recipe dt { color: var(--muted); }
    .facts dd { overflow-wrap: anywhere; }
    .recipe dd { margin: 0; overflow-wrap: anywhere; }
    footer { color: var(--muted); font: 0.84rem/1.5 var(--sans); padding-bottom: 3rem; }
    @media (max-width: 30rem) {
      section { margin: 3.4rem 0; }
      .plot { height: 21rem; }
      .grid .plots { grid-template-columns: 1fr; }
      .recipe div { grid-template-columns: 1fr; }
    }
    :root[data-printing] main { max-width: 178mm; padding: 0; margin: 0; }
    @media print {
      @page { margin: 16mm; }
      body { font-size: 10pt; }
      main, footer { padding: 0; }
      nav, .behind:not([open]), .skip { display: none; }
      section { margin: 2rem 0; }
      .facts { grid-template-columns: repeat(4, 1fr); gap: 1rem; }
      .scroll { overflow: visible; max-height: none; }
      table { font-size: 8pt; }
      th, td { white-space: normal; padding-right: 0.8rem; }
      h2, h3 { break-after: avoid; }
      .box, .single figure, figure.single, .warnings li, tr { break-inside: avoid; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }

    """#
}
