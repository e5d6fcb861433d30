namespace SpeechStream.Benchmarks.Load;

/// <summary>What a client process tells at its end. The client in another language writes the same names.</summary>
internal sealed record ClientResult
{
    /// <summary>CPU seconds of a new process until the first second of audio was sent; only for .NET.</summary>
    public double FirstSecond { get; init; }

    /// <summary>CPU seconds of a new process until a minute of audio was transcribed; only for .NET.</summary>
    public double FirstMinute { get; init; }

    /// <summary>CPU seconds of the process while it sent, in steady state.</summary>
    public double Cpu { get; init; }

    public long Frames { get; init; }

    public long Events { get; init; }

    /// <summary>Bytes allocated while it sent; only for .NET.</summary>
    public double Allocated { get; init; }

    /// <summary>Seconds that the sending took.</summary>
    public double Elapsed { get; init; }

    /// <summary>Age of results when the consumer has them, in ms.</summary>
    public double P50 { get; init; }

    public double P99 { get; init; }

    /// <summary>Resident memory that a started session without audio adds, in bytes.</summary>
    public double BaseMemory { get; init; }

    /// <summary>Resident memory of the process after the sending.</summary>
    public double Memory { get; init; }

    /// <summary>Memory of it that holds objects, dead ones included; only for .NET.</summary>
    public double Heap { get; init; }

    /// <summary>CPU in µs a frame.</summary>
    public double PerFrame => Cpu / Frames * 1e6;

    public double EventsPerFrame => (double)Events / Frames;

    /// <summary>The medians of several runs, figure by figure.</summary>
    public static ClientResult Median(IReadOnlyList<ClientResult> runs) => new()
    {
        FirstSecond = Middle(runs, run => run.FirstSecond),
        FirstMinute = Middle(runs, run => run.FirstMinute),
        Cpu = Middle(runs, run => run.Cpu),
        Frames = runs[0].Frames,
        Events = (long)Middle(runs, run => run.Events),
        Allocated = Middle(runs, run => run.Allocated),
        Elapsed = Middle(runs, run => run.Elapsed),
        P50 = Middle(runs, run => run.P50),
        P99 = Middle(runs, run => run.P99),
        BaseMemory = Middle(runs, run => run.BaseMemory),
        Memory = Middle(runs, run => run.Memory),
        Heap = Middle(runs, run => run.Heap),
    };

    private static double Middle(IReadOnlyList<ClientResult> runs, Func<ClientResult, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
}
