using System.Globalization;

namespace SpeechStream.Benchmarks.Load;

/// <summary>Which part of the run is wanted.</summary>
internal sealed record LoadOptions
{
    // Longer or more than this is no measurement any more, but a load that somebody forgot.
    private const int MostSeconds = 60, MostSessions = 4_000, MostRounds = 9;

    /// <summary>Runs of each cell; their medians count.</summary>
    public int Rounds { get; private set; } = 3;

    /// <summary>Length of a run in real time.</summary>
    public int Seconds { get; private set; } = 10;

    /// <summary>Sessions in real time.</summary>
    public IReadOnlyList<int> Sessions { get; private set; } = [100, 500, 1_000, 2_000];

    /// <summary>Of <c>unpaced</c>, <c>realtime</c>, <c>wss</c>.</summary>
    public IReadOnlyList<string> Parts { get; private set; } = ["unpaced", "realtime", "wss"];

    public IReadOnlyList<ClientKind> Kinds { get; private set; } = Enum.GetValues<ClientKind>();

    /// <summary>Where the plot goes; null for nowhere.</summary>
    public string? Plot { get; private set; }

    /// <exception cref="ArgumentException">An argument isn't known, or out of its range.</exception>
    public static LoadOptions Parse(string[] arguments)
    {
        var options = new LoadOptions();
        for (var at = 1; at < arguments.Length; at += 2)
        {
            var value = at + 1 < arguments.Length ? arguments[at + 1] : throw new ArgumentException($"{arguments[at]} needs a value.");
            switch (arguments[at])
            {
                case "--rounds":
                    options.Rounds = Number(value, MostRounds);
                    break;
                case "--seconds":
                    options.Seconds = Number(value, MostSeconds);
                    break;
                case "--sessions":
                    options.Sessions = [.. value.Split(',').Select(count => Number(count, MostSessions))];
                    break;
                case "--only":
                    options.Parts = value.Split(',');
                    break;
                case "--kinds":
                    options.Kinds = [.. value.Split(',').Select(kind => Enum.Parse<ClientKind>(kind, ignoreCase: true))];
                    break;
                case "--plot":
                    options.Plot = value;
                    break;
                default:
                    throw new ArgumentException($"{arguments[at]} isn't known. Known: --rounds, --seconds, --sessions, --only, --kinds, --plot.");
            }
        }

        return options;
    }

    private static int Number(string text, int most) =>
        int.Parse(text, CultureInfo.InvariantCulture) is > 0 and var number && number <= most ? number : throw new ArgumentException($"{text} isn't between 1 and {most}.");
}
