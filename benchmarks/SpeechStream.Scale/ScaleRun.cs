using SpeechStream.Load;

namespace SpeechStream.Scale;

/// <summary>Gives every load to every client in turn, and collects the medians.</summary>
internal sealed class ScaleRun(ScaleOptions options)
{
    // Hours of audio, shared between the sessions, so that what is compiled on the way doesn't count much.
    private const int UnpacedFrames = 144_000;

    // The socket is reset after 2.5 s of audio, of which 2 s are final.
    private const string Cuts = "?cut=80000";
    private const int SessionsWithFaults = 100;

    // One thread of a script engine isn't asked for more than it can do.
    private const int MostForNode = 2_000, MostForPython = 100;

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

    public async Task RunAsync()
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
        ClientKind[] everyone = [ClientKind.Bare, ClientKind.SpeechStream, ClientKind.Node, ClientKind.Python];
        ClientKind[] ours = [ClientKind.Bare, ClientKind.SpeechStream];
        if (options.Parts.Contains("unpaced"))
        {
            yield return new("unpaced, 8 sessions, no events", false, 8, UnpacedFrames / 8, Those(ours), Query: "?quiet=1");
            foreach (var count in (int[])[1, 8, 64])
            {
                yield return new($"unpaced, {count} session{(count == 1 ? "" : "s")}", false, count, UnpacedFrames / count, Those(everyone));
            }
        }

        if (options.Parts.Contains("realtime"))
        {
            foreach (var count in options.Sessions)
            {
                ClientKind[] fit = [.. everyone.Append(ClientKind.SpeechStreamFile).Where(kind => count <= MostFor(kind))];
                yield return new($"real time, {count} sessions", true, count, options.Seconds, Those(fit));
            }
        }

        if (options.Parts.Contains("wss"))
        {
            yield return new("unpaced, 8 sessions, wss", false, 8, UnpacedFrames / 8, Those(ours), IsSecure: true);
            yield return new("real time, 500 sessions, wss", true, 500, options.Seconds, Those(ours), IsSecure: true);
        }

        if (options.Parts.Contains("faults"))
        {
            yield return new($"real time, {SessionsWithFaults} sessions, each cut every 2.5 s", true, SessionsWithFaults, options.Seconds, Those([ClientKind.SpeechStream]), Query: Cuts);
        }
    }

    private static int MostFor(ClientKind kind) => kind switch
    {
        ClientKind.Node => MostForNode,
        ClientKind.Python => MostForPython,
        ClientKind.SpeechStreamFile => MostForFiles,
        _ => int.MaxValue,
    };

    private IReadOnlyList<ClientKind> Those(ClientKind[] kinds) => [.. kinds.Where(kind => options.Kinds.Contains(kind) && !Skipped.ContainsKey(kind))];
}
