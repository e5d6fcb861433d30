using System.Globalization;
using System.Text;

namespace SpeechStream.Benchmarks.Load;

/// <summary>CPU and memory against the number of sessions, as an SVG picture.</summary>
internal static class LoadPlot
{
    private const int Width = 460, Height = 300, Left = 60, Bottom = 50, Top = 40, Right = 20, Legend = 220, Steps = 5;

    private static readonly int[] StepSizes = [1, 2, 4, 5, 8, 10];

    private static readonly (ClientKind Kind, string Colour)[] Lines =
    [
        (ClientKind.Bare, "#888888"),
        (ClientKind.SpeechStream, "#1b6ac9"),
        (ClientKind.SpeechStreamFile, "#7fb2ee"),
        (ClientKind.Node, "#3c873a"),
    ];

    public static string Write(LoadTrials run)
    {
        var trials = run.Trials.Where(trial => trial is { IsPaced: true, IsSecure: false, Query: "" }).ToList();
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {2 * Width} {Height + 40}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect width=\"{2 * Width}\" height=\"{Height + 40}\" fill=\"white\"/>");
        Panel(svg, run, trials, 0, "CPU of the client, in % of one core", result => 100 * result.Cpu / result.Elapsed);
        Panel(svg, run, trials, Width, "Resident memory of the client, MiB", result => result.Memory / 1024 / 1024);
        var x = Left;
        foreach (var (kind, colour) in Lines.Where(line => trials.Any(trial => run.Result(trial, line.Kind) is not null)))
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{Height + 12}\" width=\"12\" height=\"12\" fill=\"{colour}\"/><text x=\"{x + 18}\" y=\"{Height + 22}\">{LoadTable.NameOf(kind)}</text>");
            x += Legend;
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void Panel(StringBuilder svg, LoadTrials run, List<Trial> trials, int offset, string title, Func<ClientResult, double> figure)
    {
        var lines = Lines
            .Select(line => (line.Colour, Points: trials
                .Select(trial => (trial.Sessions, Result: run.Result(trial, line.Kind)))
                .Where(point => point.Result is not null)
                .Select(point => (X: (double)point.Sessions, Y: figure(point.Result!)))
                .ToList()))
            .Where(line => line.Points.Count > 0)
            .ToList();
        if (lines.Count == 0)
        {
            return;
        }

        var most = (X: lines.Max(line => line.Points.Max(point => point.X)), Y: Rounded(lines.Max(line => line.Points.Max(point => point.Y))));
        double X(double value) => offset + Left + (value / most.X * (Width - Left - Right));
        double Y(double value) => Height - Bottom - (value / most.Y * (Height - Bottom - Top));

        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{offset + Left}\" y=\"22\" font-size=\"14\">{title}</text>");
        for (var step = 0; step <= Steps; step++)
        {
            var value = most.Y * step / Steps;
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{offset + Left}\" x2=\"{offset + Width - Right}\" y1=\"{Y(value):0.#}\" y2=\"{Y(value):0.#}\" stroke=\"#dddddd\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{offset + Left - 6}\" y=\"{Y(value) + 4:0.#}\" text-anchor=\"end\">{value:0.#}</text>");
        }

        // A count whose label would touch the one before has none.
        var labelled = double.MinValue;
        foreach (var count in trials.Select(trial => trial.Sessions).Where(count => X(count) > labelled + 35))
        {
            labelled = X(count);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{X(count):0.#}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{count}</text>");
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{offset + ((Left + Width - Right) / 2)}\" y=\"{Height - Bottom + 38}\" text-anchor=\"middle\">sessions in real time, one process</text>");
        foreach (var (colour, points) in lines)
        {
            var path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(point.Y):0.#}")));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
            foreach (var point in points)
            {
                svg.AppendLine(CultureInfo.InvariantCulture, $"<circle cx=\"{X(point.X):0.#}\" cy=\"{Y(point.Y):0.#}\" r=\"3\" fill=\"{colour}\"/>");
            }
        }
    }

    /// <summary>The next number above whose steps are 1, 2, 4, 5 or 8 and zeros.</summary>
    private static double Rounded(double most)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(most / Steps)));
        return StepSizes.Select(step => step * power * Steps).First(top => top >= most);
    }
}
