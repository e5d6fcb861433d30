using SpeechStream.Load;

namespace SpeechStream.Scale;

/// <summary>What a client process tells at its end. Clients in other languages write the same names.</summary>
internal sealed record ClientResult
{
    /// <summary>CPU seconds of the process while it sent.</summary>
    public double Cpu { get; init; }

    public long Frames { get; init; }

    public long Events { get; init; }

    /// <summary>Bytes allocated while it sent; only for .NET.</summary>
    public double Allocated { get; init; }

    /// <summary>Seconds that the sending took.</summary>
    public double Elapsed { get; init; }

    /// <summary>Age of results when the consumer has them, in ms.</summary>
    public double P50 { get; init; }

    /// <inheritdoc cref="P50"/>
    public double P99 { get; init; }

    /// <summary>Resident memory that a started session without audio adds, in bytes.</summary>
    public double BaseMemory { get; init; }

    /// <summary>Resident memory of the process after the sending.</summary>
    public double Memory { get; init; }

    public int Reconnects { get; init; }

    public double CpuPerHour => Cpu * 3600 * LoadAudio.FramesPerSecond / Frames;

    public double AllocatedPerFrame => Allocated / Frames;

    /// <summary>The medians of several runs, figure by figure.</summary>
    public static ClientResult Median(IReadOnlyList<ClientResult> runs) => new()
    {
        Cpu = Middle(runs, run => run.Cpu),
        Frames = runs[0].Frames,
        Events = (long)Middle(runs, run => run.Events),
        Allocated = Middle(runs, run => run.Allocated),
        Elapsed = Middle(runs, run => run.Elapsed),
        P50 = Middle(runs, run => run.P50),
        P99 = Middle(runs, run => run.P99),
        BaseMemory = Middle(runs, run => run.BaseMemory),
        Memory = Middle(runs, run => run.Memory),
        Reconnects = (int)Middle(runs, run => run.Reconnects),
    };

    private static double Middle(IReadOnlyList<ClientResult> runs, Func<ClientResult, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
}
