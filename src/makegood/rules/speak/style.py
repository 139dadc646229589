"""The one style sheet of an explaining page: ink on paper, a single green, and room to read."""

STYLE = """
:root { --ink: #1d2b28; --soft: #4a5b56; --paper: #fffdf8; --page: #f3efe4; --line: #d8d1bf;
  --green: #0f5a4a; --green-soft: #e3efe9; --amber: #8a4b08; --amber-soft: #fbeeda; }
*, ::before { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.55; overflow-wrap: anywhere;
  font-family: Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif; font-size: 1.125rem; }
header { background: var(--green); color: #fff; padding: 2.75rem 0 4.5rem; }
header div, main, footer { max-width: 46rem; margin: 0 auto; padding: 0 2.5rem; }
main, footer { background: var(--paper); }
main { margin-top: -2.5rem; padding-top: 1.75rem; padding-bottom: 2rem; border-radius: .375rem .375rem 0 0; }
footer { padding-bottom: 2.5rem; margin-bottom: 2rem; color: var(--soft); font-size: .9375rem; }
footer p { border-top: 1px solid var(--line); margin: 0; padding-top: 1rem; max-width: none; }
h1, h2, h3, h4, .kicker, th, .limit, .strip, caption, td::before {
  font-family: Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", source-sans-pro, sans-serif; }
h1 { font-size: 2.5rem; line-height: 1.12; letter-spacing: -.015em; margin: .375rem 0 0;
  text-wrap: balance; }
h2 { font-size: 1.5rem; line-height: 1.2; margin: 2.75rem 0 .75rem; padding-top: 1.25rem; color: var(--green);
  border-top: 1px solid var(--line); }
h3 { font-size: 1.1875rem; line-height: 1.3; margin: 2rem 0 .5rem; }
h4 { font-size: 1.0625rem; margin: 1.5rem 0 .5rem; }
p { margin: 0 0 .75rem; max-width: 38rem; }
.kicker { color: #cfe6dc; font-weight: 700; font-size: .9375rem; letter-spacing: .02em; margin: 0; }
.lead { font-size: 1.25rem; color: var(--soft); }
.says { font-size: 1.25rem; font-weight: 700; }
.panel.promise { border-left: .375rem solid var(--green); padding: .125rem 0 .125rem 1.25rem; margin: .75rem 0 1.5rem; }
.limit { font-size: 1.3125rem; line-height: 1.35; font-weight: 700; color: var(--green); }
.verdict { font-size: 1.25rem; font-weight: 700; }
.example { background: var(--green-soft); padding: .75rem 1rem; border-radius: .25rem; max-width: none; }
.note { color: var(--soft); }
ul, ol { margin: 0 0 1rem; padding-left: 1.25rem; max-width: 40rem; }
li { margin: 0 0 .375rem; }
li > p { margin: 0; }
li > ul { margin: .25rem 0 .5rem; }
li::marker { color: var(--green); }
.panel.remedies > ul { list-style: none; padding: 0; max-width: none; }
.panel.remedies > ul > li { border: 1px solid var(--line); border-radius: .25rem; padding: .75rem 1rem;
  margin-bottom: .625rem; background: #fff; }
.panel.remedies > ul > li > p:first-child { font-weight: 700; }
table { width: 100%; border-collapse: collapse; margin: .75rem 0 1rem; font-size: 1rem; line-height: 1.4; }
caption { text-align: left; color: var(--soft); font-size: .9375rem; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); }
th { border-bottom: 2px solid var(--green); font-size: .9375rem; }
td:last-child { font-weight: 700; padding-right: 0; }
.timeline { list-style: none; padding: 0 0 0 1.25rem; margin-left: .25rem; border-left: .1875rem solid var(--line); }
.timeline li { position: relative; }
.timeline li::before { content: ""; position: absolute; left: -1.6875rem; top: .4375rem;
  width: .6875rem; height: .6875rem; border-radius: 50%; background: var(--paper);
  border: .1875rem solid var(--green); }
.strip { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(5.5rem, 1fr)); gap: .375rem;
  padding: 0; margin: 1rem 0; max-width: none; font-size: .8125rem; line-height: 1.3;
  overflow-wrap: break-word; }
.strip li { margin: 0; padding: .5rem; border-radius: .25rem; background: #fff; border: 1px solid var(--line);
  min-height: 5rem; }
.strip span { display: block; }
.strip .day { font-size: 1rem; font-weight: 700; }
.strip .counted { border-color: var(--green); background: var(--green-soft); }
.strip .start { border: 1px dashed var(--green); }
.strip .closed, .strip .paused, .strip .cut-off { background: var(--page); color: var(--soft); }
.strip .last { background: var(--green); border-color: var(--green); color: #fff; }
@media (max-width: 40rem) {
  body { font-size: 1.0625rem; background: var(--paper); }
  header { padding: 1.5rem 0 1.75rem; }
  header div, main, footer { padding-left: 1.125rem; padding-right: 1.125rem; }
  main { margin-top: 0; border-radius: 0; }
  h1 { font-size: 1.875rem; }
  h2 { font-size: 1.3125rem; margin-top: 2rem; }
  .panel.promise { padding-left: .875rem; }
  table, tbody, tr, td { display: block; }
  caption { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border: 1px solid var(--line); border-radius: .25rem; padding: .5rem .75rem; margin-bottom: .625rem;
    background: #fff; }
  td { display: grid; grid-template-columns: 9rem 1fr; gap: .75rem; padding: .25rem 0; border: 0; }
  td::before { content: attr(data-label); color: var(--soft); font-size: .875rem; font-weight: 400; }
  .strip { grid-template-columns: repeat(auto-fill, minmax(5rem, 1fr)); }
}
@media print {
  @page { margin: 18mm; }
  body, header, main, footer { background: #fff; color: #000; }
  header, header div, main, footer { max-width: none; padding: 0; margin: 0; }
  body { font-size: 11pt; }
  header { border-top: 2mm solid var(--green); padding: 4mm 0 6mm; }
  .kicker { color: var(--green); }
  h1 { font-size: 22pt; } h2 { font-size: 15pt; margin-top: 8mm; }
  h2, h3, h4, caption { break-after: avoid; }
  tr, .strip, .example { break-inside: avoid; }
  .strip .last, .strip .counted, .example { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
