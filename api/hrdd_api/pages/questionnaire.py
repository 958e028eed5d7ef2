"""The twelve questions to a key informant, in the words in which the graph has them (Nieri 2016, Appendix III)."""

from __future__ import annotations

from hrdd_graph.speech import mark

QUESTIONS = {
    1: mark("Did firms take up CSR policies, in which clusters and of what kind?"),
    2: mark("Which sorts of firm were likelier to take up CSR?"),
    3: mark("Why did firms take CSR up, and what prompted it?"),
    4: mark("Did CSR serve economic ends of the firm, and which?"),
    5: mark("In which clusters, by place and industry, did firms stress respect for rights, and for which ones?"),
    6: mark("Why did firms respect rights? Local rules and the owners' ethics are the prompts."),
    7: mark("Were certain rights better respected, and which?"),
    8: mark(
        "In which clusters did firms put no stress on rights, was abuse systematic, and which rights did it touch?"
    ),
    9: mark("Why did firms not respect rights?"),
    10: mark("Were certain rights given up for others, and which?"),
    11: mark("What moves a cluster away from the low road or from window-dressing, towards rights?"),
    12: mark("What lets firms respect rights and still do well in foreign markets?"),
}
