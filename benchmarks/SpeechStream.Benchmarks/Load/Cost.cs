using System.Diagnostics;

namespace SpeechStream.Benchmarks.Load;

/// <summary>What this process has used so far, or between two moments.</summary>
/// <param name="Cpu">CPU time of the process, that of the kernel for it included.</param>
/// <param name="Allocated">Bytes allocated by all threads.</param>
/// <param name="Elapsed">Time on the wall.</param>
internal readonly record struct Cost(TimeSpan Cpu, long Allocated, TimeSpan Elapsed)
{
    /// <summary>So far.</summary>
    public static Cost Now
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return new(process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetElapsedTime(0));
        }
    }

    /// <summary>What was used between two moments.</summary>
    public static Cost operator -(Cost after, Cost before) => new(after.Cpu - before.Cpu, after.Allocated - before.Allocated, after.Elapsed - before.Elapsed);
}
