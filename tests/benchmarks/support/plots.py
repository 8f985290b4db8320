"""Draw the benchmarks' figures as lines over the size of the collection."""

from dataclasses import dataclass, field
from pathlib import Path

# Dark enough on white and light enough on black, and told apart by people who see no red.
_COLOURS = {
    "ours": "#0072b2",
    "default": "#0072b2",
    "ours, words only": "#56b4e9",
    "lexical": "#56b4e9",
    "bm25s": "#e69f00",
    "tantivy": "#009e73",
    "rank_bm25": "#888888",
}
_PANEL_INCHES = 3.6, 3.2


@dataclass
class Panel:
    """One diagram: by engine, its figure at each number of passages."""

    title: str
    unit: str
    lines: dict[str, dict[int, float]] = field(default_factory=dict)

    def add(self, engine: str, n_passages: int, value: float) -> None:
        """Add a point."""
        self.lines.setdefault(engine, {})[n_passages] = value


def write_plot(panels: list[Panel], path: Path) -> None:
    """Write the panels side by side, both axes logarithmic, as PNG or SVG by the path's ending."""
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator, StrMethodFormatter

    width, height = _PANEL_INCHES
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "pullquote", "font.size": 9}):
        figure = Figure(figsize=(width * len(panels), height), layout="constrained")
        axes = figure.subplots(1, len(panels), squeeze=False)[0]
        for panel, axis in zip(panels, axes, strict=True):
            for engine, points in panel.lines.items():
                xs, ys = zip(*sorted(points.items()), strict=True)
                axis.plot(xs, ys, marker="o", markersize=4, label=engine, color=_COLOURS[engine])
            axis.set(title=panel.title, xlabel="passages", ylabel=panel.unit)
            axis.set(xscale="log", yscale="log")
            axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
            axis.minorticks_off()
            axis.grid(visible=True, color="#dddddd", linewidth=0.6)
            axis.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
