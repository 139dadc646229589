"""How the report of journeys looks: the back-test's style and what the map and its tables need besides."""

from __future__ import annotations

from ...report_style import STYLE as SHARED

_LIGHT = """
:root{color-scheme:light dark;--lane:#f3f6f5;--band:#cfe6e2;--shade:166,58,30;--warn:#fdf1ec;--alarm:#f7d3c6;
--w0:#5b8f87;--w1:#2f74a8;--w2:#a8741a;--w3:#bf5420;--w4:#7d1410}
"""
_DARK = """
@media screen and (prefers-color-scheme:dark){
:root{--ink:#e8efed;--soft:#b3c1bf;--line:#3d4b4c;--paper:#12191b;--card:#1a2325;--pine:#6cc4b8;--brick:#f0906f;
--plum:#c3a2e0;--slate:#93a3a6;--lane:#212c2e;--band:#24524c;--shade:240,144,111;--warn:#3a231b;--alarm:#5a2f22;
--w0:#7fb5ac;--w1:#6fb1e0;--w2:#dba848;--w3:#f08a55;--w4:#ff9d94}
.warning{background:var(--warn)}
}
"""
_PARTS = """
a{color:var(--pine);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible{outline:3px solid var(--pine);outline-offset:2px}
:target{scroll-margin:4rem}
tr:target th,tr:target td{background:var(--band)}
.contents{columns:16rem;padding-left:1.25rem;font-family:sans-serif}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.contents li{break-inside:avoid;margin:0;padding:.2rem 0}
.changes{list-style:none;margin:1rem 0;padding:0;counter-reset:change}
.changes li{counter-increment:change;position:relative;max-width:none;margin:0 0 .9rem;padding:.9rem 1rem .9rem 3.75rem;
background:var(--card);border:1px solid var(--line);border-left:5px solid var(--pine)}
.changes li::before{content:counter(change);position:absolute;left:1rem;top:.8rem;width:1.9rem;height:1.9rem;
border-radius:50%;background:var(--pine);color:var(--card);font:700 1.05rem/1.9rem sans-serif;text-align:center}
.changes h3{margin:.1rem 0 .35rem}
.figures dt,.figures dd{overflow-wrap:break-word}
@media (max-width:30rem){.figures{grid-template-columns:1fr}}
.figures .is-unknown{border-left-color:var(--slate);border-left-style:dashed}
.figures .is-unknown dd:first-of-type{font-size:1.2rem;color:var(--soft)}
details{font-size:.875rem;margin:.35rem 0 0}
.figures details{font-weight:400;line-height:1.45}
summary{cursor:pointer;color:var(--pine);font-weight:600}
details p{margin:.35rem 0;font-size:.9rem}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:0 2rem}
.two .figures{grid-template-columns:1fr}
.wide{width:min(100vw - 4rem,112rem);margin-left:50%;transform:translateX(-50%)}
td.words,th.words{text-align:left;white-space:normal;overflow-wrap:anywhere}
td.words{min-width:10rem}
tbody th.words{min-width:11rem;max-width:34rem}
tr.detour th:first-child{border-left:5px solid var(--brick)}
tr.usual th:first-child{border-left:5px solid var(--pine)}
tr.rest th{color:var(--soft)}
td.h1{background:rgba(var(--shade),.08)}
td.h2{background:rgba(var(--shade),.18)}
td.h3{background:rgba(var(--shade),.3);font-weight:700}
td.h4{background:rgba(var(--shade),.42);font-weight:700}
.matrix thead th{white-space:normal;min-width:6.5rem;max-width:10rem;overflow-wrap:anywhere}
.map{display:block;max-width:100%;height:auto;margin:0 auto}
.tall,.on-tall{display:none}
.detours{list-style:none;margin:.6rem 0 0;padding:0}
.detours li{display:grid;grid-template-columns:minmax(0,20rem) minmax(0,1fr);gap:.25rem 1.5rem;align-items:start;
max-width:none;margin:0 0 .75rem;padding:.8rem 1rem;background:var(--card);border:1px solid var(--line);
border-left:5px solid var(--brick)}
.detours h4{margin:.1rem 0 .35rem;font:700 1.02rem/1.35 sans-serif;overflow-wrap:anywhere}
.detours p{margin:.2rem 0;font-size:.95rem}
.lead{font-weight:700}
tr.sure th{font-weight:700}
.sample{vertical-align:-.15em;margin-right:.45em}
.lane{fill:var(--card)}
.lane.odd{fill:var(--lane)}
.band{fill:none;stroke:var(--band);stroke-linejoin:round}
.alarm{fill:none;stroke:var(--alarm);stroke-linejoin:round}
.move{fill:none;stroke-linejoin:round}
.reach{fill:none;stroke:transparent;stroke-width:18}
.w0{stroke:var(--w0)}
.w1{stroke:var(--w1);stroke-dasharray:24 5}
.w2{stroke:var(--w2);stroke-dasharray:12 8}
.w3{stroke:var(--w3);stroke-dasharray:4 6}
.w4{stroke:var(--w4);stroke-dasharray:20 5 4 5}
.tip{stroke:none}
.tip.w0{fill:var(--w0)}
.tip.w1{fill:var(--w1)}
.tip.w2{fill:var(--w2)}
.tip.w3{fill:var(--w3)}
.tip.w4{fill:var(--w4)}
.box{fill:var(--card);stroke:var(--slate);stroke-width:2}
.box.usual{stroke:var(--pine);stroke-width:5}
.edge{stroke:var(--ink);stroke-width:6;fill:none}
.flag{fill:var(--brick);stroke:var(--card);stroke-width:2}
.pill{fill:var(--card)}
.told{pointer-events:none}
svg text.name{font-size:19px;font-weight:600}
svg text.count{font-size:17px;fill:var(--soft)}
svg text.wait{font-size:19px}
svg text.number{font-size:21px;font-weight:700;fill:var(--card)}
svg text.lane-name{font-size:21px;font-weight:700;fill:var(--soft)}
svg text.lane-name{paint-order:stroke;stroke:var(--card);stroke-width:6px}
svg text.odd{stroke:var(--lane)}
svg a{text-decoration:none}
.way:hover .move,.way:focus .move,.way:target .move{stroke:var(--ink);stroke-width:13}
.stop:hover .box,.stop:focus .box,.stop:target .box{stroke:var(--ink);stroke-width:6}
svg a:focus{outline:3px solid var(--pine);outline-offset:1px}
@media screen and (max-width:72rem){
.map.wide-map,.on-wide,.scroll tbody td.on-wide{display:none}
.tall{display:block}
.on-tall{display:inline}
figure.wide{width:auto;margin-left:0;transform:none}
}
@media (max-width:40rem){
.detours li{grid-template-columns:minmax(0,1fr)}
.wide{width:auto;margin-left:-.25rem;transform:none}
div.wide{margin-left:0}
.changes li{padding-left:3.25rem}
.changes li::before{left:.75rem}
.scroll tr.detour th:first-child,.scroll tr.usual th:first-child{padding-left:.5rem}
}
@media (forced-colors:active){
.lane,.lane.odd,.pill{fill:Canvas}
.lane{stroke:CanvasText;stroke-width:.5}
.box{fill:Canvas;stroke:LinkText}
.box.usual{stroke:Highlight}
.band{stroke:Highlight;stroke-opacity:.45}
.alarm{stroke:GrayText;stroke-opacity:.45}
.w0,.w1,.w2,.w3,.w4,.edge{stroke:CanvasText}
.tip{stroke:none}
.tip.w0,.tip.w1,.tip.w2,.tip.w3,.tip.w4{fill:CanvasText}
.flag{fill:Highlight;stroke:Canvas}
svg text,svg text.name,svg text.count,svg text.wait{fill:CanvasText}
svg text.lane-name,svg text.odd{fill:CanvasText;stroke:Canvas}
svg text.number{fill:HighlightText}
}
@page map{size:A3 landscape;margin:12mm}
@media print{
.wide{width:auto;margin-left:0;transform:none}
figure .wide-map{width:auto;max-width:100%;max-height:225mm}
.contents,.skip{display:none}
details::details-content{display:block;content-visibility:visible}
figure.wide{page:map}
thead th{font-size:8.5pt}
td,tr,.changes li::before,.map *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
"""

STYLE = f"{SHARED}{_LIGHT}{_DARK}{_PARTS}"
"""The whole style sheet of the page."""
