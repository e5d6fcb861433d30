using System.Globalization;

namespace SpeechStream.Benchmarks.Load;

/// <summary>Gives every load to every client in turn, and collects the medians.</summary>
internal sealed class LoadTrials(LoadOptions options)
{
    /// <summary>The query of a load without events.</summary>
    public const string Quiet = "?quiet=1";

    // Four hours of audio, shared between the sessions.
    private const int UnpacedFrames = 144_000;

    // One thread of a script engine isn't asked for more than it can do.
    private const int MostForNode = 2_000;

    // Files all begin at once, so that more of them are one wave and no load.
    private const int MostForFiles = 500;

    private readonly Dictionary<(Trial, ClientKind), List<ClientResult>> _results = [];

    /// <summary>Clients that can't run here, with the reason.</summary>
    public IReadOnlyDictionary<ClientKind, string> Skipped { get; } = options.Kinds
        .Select(kind => (Kind: kind, Reason: ClientProcess.WhyNot(kind)))
        .Where(found => found.Reason is not null)
        .ToDictionary(found => found.Kind, found => found.Reason!);

    public IReadOnlyList<Trial> Trials => field ??= [.. AllTrials().Where(trial => trial.Kinds.Count > 0)];

    public ClientResult? Result(Trial trial, ClientKind kind) => _results.TryGetValue((trial, kind), out var runs) ? ClientResult.Median(runs) : null;

    /// <summary>Runs what the arguments ask for, and prints the tables.</summary>
    public static async Task<int> MainAsync(string[] arguments)
    {
        LoadOptions options;
        try
        {
            options = LoadOptions.Parse(arguments);
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }

        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var run = new LoadTrials(options);
        await run.RunAsync();
        Console.WriteLine(LoadTable.Write(run));
        if (options.Plot is { } plot)
        {
            await File.WriteAllTextAsync(plot, LoadPlot.Write(run));
        }

        return 0;
    }

    private async Task RunAsync()
    {
        using var plain = ServiceProcess.Start();
        using var secure = ServiceProcess.Start(secure: true);
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var trial in Trials)
            {
                foreach (var kind in trial.Kinds)
                {
                    await Console.Error.WriteLineAsync($"round {round} of {options.Rounds}: {trial.Name}, {kind}");
                    await RunAsync(trial, kind, trial.IsSecure ? secure.Endpoint : plain.Endpoint);
                }
            }
        }
    }

    private async Task RunAsync(Trial trial, ClientKind kind, Uri endpoint)
    {
        try
        {
            var result = await ClientProcess.RunAsync(kind, trial, endpoint);
            if (!_results.TryGetValue((trial, kind), out var runs))
            {
                _results[(trial, kind)] = runs = [];
            }

            runs.Add(result);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
        {
            // The cell stays empty, and the others go on.
            await Console.Error.WriteLineAsync($"{trial.Name}, {kind}: {exception.Message}");
        }
    }

    private IEnumerable<Trial> AllTrials()
    {
        ClientKind[] ours = [ClientKind.Bare, ClientKind.SpeechStream];
        ClientKind[] everyone = [.. ours, ClientKind.Node];
        ClientKind[] live = [ClientKind.Nobody, .. ours];
        if (options.Parts.Contains("unpaced"))
        {
            yield return new("unpaced, 8 sessions, no events", false, 8, UnpacedFrames / 8, Those(ours), Query: Quiet);
            foreach (var count in (int[])[1, 8, 64])
            {
                yield return new($"unpaced, {count} session{(count == 1 ? "" : "s")}", false, count, UnpacedFrames / count, Those(everyone));
            }
        }

        if (options.Parts.Contains("realtime"))
        {
            foreach (var count in options.Sessions)
            {
                ClientKind[] fit = [.. live.Append(ClientKind.Node).Append(ClientKind.SpeechStreamFile).Where(kind => count <= MostFor(kind))];
                yield return new($"real time, {count} sessions", true, count, options.Seconds, Those(fit));
                yield return new($"real time, {count} sessions, no events", true, count, options.Seconds, Those(live), Query: Quiet);
            }
        }

        if (options.Parts.Contains("wss"))
        {
            yield return new("unpaced, 8 sessions, wss", false, 8, UnpacedFrames / 8, Those(ours), IsSecure: true);
            yield return new("real time, 500 sessions, wss", true, 500, options.Seconds, Those(ours), IsSecure: true);
        }
    }

    private static int MostFor(ClientKind kind) => kind switch
    {
        ClientKind.Node => MostForNode,
        ClientKind.SpeechStreamFile => MostForFiles,
        _ => int.MaxValue,
    };

    private IReadOnlyList<ClientKind> Those(ClientKind[] kinds) => [.. kinds.Where(kind => options.Kinds.Contains(kind) && !Skipped.ContainsKey(kind))];
}
