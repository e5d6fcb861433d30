using System.Collections.Concurrent;

namespace SpeechStream.Fleet.Work;

/// <summary>Tells a recording at which the service drops its connection each time from a service that is down: the service works when others get final results meanwhile. Any thread.</summary>
internal sealed class Setbacks
{
    // The worker's final results when a recording was first dropped.
    private readonly ConcurrentDictionary<string, long> _first = new();
    private long _finals;

    /// <summary>A recording has got a final result.</summary>
    public void OnFinal(string job)
    {
        Interlocked.Increment(ref _finals);
        _first.TryRemove(job, out _);
    }

    /// <summary>The service has begun to listen to a recording, and dropped it.</summary>
    /// <returns>Whether others have got final results since it was first dropped, and it has got none.</returns>
    public bool IsOfRecording(string job)
    {
        var finals = Interlocked.Read(ref _finals);
        return finals > _first.GetOrAdd(job, finals);
    }
}
