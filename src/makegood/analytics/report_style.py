"""How the report of a back-test looks: one style sheet, on a screen, on a phone and on paper."""

STYLE = """
:root{color-scheme:light;--ink:#17252a;--soft:#4a5a5e;--line:#cfd8d6;--paper:#fbfaf6;--card:#fff;
--pine:#0f5f58;--brick:#a63a1e;--plum:#5b3a7a;--slate:#5d6c70}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.55 Georgia,"Iowan Old Style",serif}
header,main,footer{max-width:62rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.25rem;}
header::after{content:"";display:block;margin-top:1.25rem;border-bottom:4px solid var(--pine)}
h1,h2,h3,.kicker,.key,figcaption,table,.figures,svg text{font-family:"Avenir Next",Avenir,"Segoe UI",Roboto,"Noto Sans",
"DejaVu Sans",sans-serif}
.kicker{margin:0 0 .35rem;color:var(--pine);font-weight:700;font-size:.95rem}
h1{margin:0;font-size:clamp(1.6rem,5vw,2.4rem);line-height:1.15;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{margin:2.75rem 0 .6rem;font-size:1.45rem;line-height:1.25}
h3{margin:1.75rem 0 .4rem;font-size:1.1rem;line-height:1.3;overflow-wrap:anywhere}
p,li{max-width:44rem;overflow-wrap:anywhere}
p{margin:.55rem 0}
.about{margin:.75rem 0 0;color:var(--soft)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(12.5rem,1fr));gap:.75rem;margin:1.25rem 0;padding:0}
.figures div{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--pine);padding:.8rem 1rem}
.figures .is-broken{border-left-color:var(--brick)}
.figures dt{font-size:.9rem;color:var(--soft)}
.figures dd{margin:.15rem 0 0;font-size:1.7rem;font-weight:700;line-height:1.2;font-variant-numeric:tabular-nums}
.figures dd.note{font-size:.875rem;font-weight:400;line-height:1.4;color:var(--soft)}
.warning{border-left:5px solid var(--brick);background:#fdf1ec;padding:.7rem 1rem}
figure{margin:1rem 0 0;background:var(--card);border:1px solid var(--line);padding:1rem 1rem .75rem}
figcaption{font-weight:700;margin:0 0 .75rem;font-size:1rem}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;margin:0 0 .6rem;padding:0;font-size:.9rem}
.swatch{vertical-align:-.1em;margin-right:.45em;outline:1px solid var(--slate)}
.chart{display:block;overflow:visible}
svg text{fill:var(--ink);font-size:14px}
svg text.small{font-size:12px;fill:var(--soft)}
svg text.value{font-weight:700;font-variant-numeric:tabular-nums}
svg text.halo{paint-order:stroke;stroke:#fff;stroke-width:4px}
.grid{stroke:var(--line)}
.track{fill:#e9efed}
.now{fill:#e6f0ee}
.curve{stroke:var(--pine);stroke-width:2.5}
.point{fill:var(--pine);stroke:#fff;stroke-width:1.5}
.whisker{stroke:var(--ink);stroke-width:1.5;fill:none}
.kept,.s0{fill:var(--pine)}
.broken,.s1{fill:var(--brick)}
.excused,.s2{fill:var(--plum)}
.void{fill:#eef1f0}
.unknown{fill:#d7dcd9}
.running{fill:#cfe4e0}
.s3{fill:var(--slate)}
.kept,.broken,.excused,.void,.unknown,.running{stroke:#fff;stroke-width:1}
.on-broken,.on-s1{stroke:#fff;stroke-opacity:.7;stroke-width:1.2}
.on-excused,.on-s2{stroke:#fff;stroke-width:2;stroke-linecap:round;stroke-dasharray:0 5}
.on-unknown{stroke:var(--slate);stroke-width:1.2;stroke-dasharray:4 3}
.on-running{stroke:var(--pine);stroke-width:1.2}
.on-s3{stroke:#fff;stroke-width:1.2;stroke-dasharray:5 3}
.scroll{overflow-x:auto;margin:.9rem 0 0;border:1px solid var(--line);background:
linear-gradient(to right,var(--card) 2.5rem,transparent) 0 0/4rem 100% no-repeat local,
linear-gradient(to left,var(--card) 2.5rem,transparent) 100% 0/4rem 100% no-repeat local,
linear-gradient(to right,var(--slate),transparent) 0 0/.9rem 100% no-repeat,
linear-gradient(to left,var(--slate),transparent) 100% 0/.9rem 100% no-repeat,var(--card)}
.scroll:focus-visible{outline:3px solid var(--pine);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.925rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.7rem .8rem .3rem;font-weight:700}
th,td{padding:.42rem .8rem;text-align:right;white-space:nowrap;border-top:1px solid var(--line);vertical-align:top}
thead th,thead td{border-top:0;color:var(--soft);font-size:.85rem;vertical-align:bottom}
th:first-child,td:first-child{text-align:left}
tbody th{font-weight:400;white-space:normal;min-width:8rem;max-width:18rem;overflow-wrap:anywhere}
tr.now th,tr.now td{background:#e6f0ee;font-weight:700}
td.words,th.words{text-align:left}
td.words{white-space:normal;min-width:13rem;overflow-wrap:anywhere}
footer{margin-top:3rem;padding-top:1rem;padding-bottom:2.5rem;border-top:1px solid var(--line);color:var(--soft);
font-size:.9rem}
@media (max-width:40rem){
.figures{grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.6rem}
header,main,footer{padding-left:1rem;padding-right:1rem}
figure{margin-left:-.25rem;margin-right:-.25rem;padding:.85rem .8rem .6rem}
th,td{padding:.4rem .6rem}
th:first-child,td:first-child{padding-left:.75rem}
tbody th{min-width:6.5rem}
}
@media screen and (max-width:40rem){
.scroll thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.scroll table,.scroll caption,.scroll tbody{display:block}
.scroll tr{display:flex;flex-wrap:wrap;gap:0 1.1rem;padding:.5rem .75rem .6rem;border-top:1px solid var(--line)}
.scroll tbody th,.scroll tbody td{display:block;min-width:0;max-width:none;padding:.1rem 0;border:0;
text-align:left;white-space:normal;overflow-wrap:anywhere}
.scroll tbody th:first-child{flex:1 0 100%;font-weight:700}
.scroll tbody td::before{content:attr(data-head) ": ";color:var(--soft);font-weight:400}
.scroll tbody td.words{flex:1 0 100%}
.scroll td:empty{display:none}
}
@media print{
body{background:#fff;font-size:10.5pt}
header,main,footer{max-width:none;padding-left:0;padding-right:0}
h2,h3,caption,figcaption{break-after:avoid}
figure,tr,.figures div{break-inside:avoid}
.scroll{overflow:visible}
th,td{padding:.2rem .35rem;white-space:normal}
table{font-size:8.5pt}
svg,.figures div,tr.now th,tr.now td{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
"""
